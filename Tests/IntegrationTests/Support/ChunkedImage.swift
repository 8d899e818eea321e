// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// Versions of an image with a layer of thousands of files, as podman stores it with zstd:chunked.
struct ChunkedImage {
    /// What is different from the first version.
    enum Version: Int, CaseIterable {
        case first = 1
        case oneFile
        case everyFourthFile

        fileprivate func changes(_ file: Int) -> Bool {
            switch self {
            case .first: false
            case .oneFile: file == files / 2
            case .everyFourthFile: file % 4 == 1
            }
        }

        var reference: String { "\(repository):\(rawValue)" }

        /// The size of all files that are different.
        var changedBytes: Int { (0..<files).filter(changes).map(size).reduce(0, +) }
    }

    static let files = 4000
    private static let repository = "large/chunked"

    /// The size of the first version's blobs.
    let bytes: Int
    /// What arrives if a pull is right.
    let contents: [Version: ImageContent]

    /// Builds a site of all versions.
    init(_ workspace: Workspace, into site: String, in debian: Debian) throws {
        let noise = try Self.noise(workspace)
        var contents: [Version: ImageContent] = [:]
        for version in Version.allCases {
            let (layout, tag) = ("layout-\(version)", "\(version.rawValue)")
            let saved = SavedImage(
                repository: Self.repository,
                tag: tag,
                layers: [Self.layer(version, noise)]
            )
            let archive = try saved.write(workspace, to: "\(version).tar")
            contents[version] = try ImageContent(
                archive: archive,
                name: version.reference,
                workspace
            )
            var copy = ["skopeo", "--insecure-policy", "copy", "-q", "--dest-compress-format"]
            copy += ["zstd:chunked", "docker-archive:\(archive)"]
            copy.append("oci:\(workspace[layout]):\(version.reference)")
            try workspace.start(debian.command(copy)).wait(120).succeeded()
            try workspace.build([workspace[layout]], into: site)
        }
        self.contents = contents
        bytes = try Tree.snapshot(workspace["layout-first/blobs"]).values
            .reduce(0) { sum, entry in
                guard case .file(let bytes, _) = entry else { return sum }
                return sum + bytes.count
            }
    }

    /// Bytes for all files: they don't get smaller, and no two files are the same.
    ///
    /// A cipher makes them sooner than a generator in an unoptimized test.
    private static func noise(_ workspace: Workspace) throws -> [UInt8] {
        let count = (0..<files).map(size).reduce(0, +)
        let script =
            "head -c \(count) /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null"
        return try workspace.run("sh", "-c", script).succeeded().output
    }

    private static func size(_ file: Int) -> Int {
        file % 64 == 0 ? 200_000 : 1000 + file * 7919 % 28_000
    }

    private static func layer(_ version: Version, _ noise: [UInt8]) -> [UInt8] {
        var (members, start): ([TarMember], Int) = ([], 0)
        for file in 0..<files {
            var content = Array(noise[start..<start + size(file)])
            if version.changes(file) { content[0] ^= UInt8(version.rawValue) }
            start += content.count
            if file % 50 == 0 { members.append(.folder("data/\(file / 50)/")) }
            members.append(.file("data/\(file / 50)/\(file)", content))
        }
        return TarBuilder.tar(members)
    }
}
