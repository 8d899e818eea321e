// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import TestSupport
import Testing

/// Building again from the archives brings back what was damaged.
@Suite struct HealingTests {
    static let inputs = [
        "docker20-one.tar", "docker28ctr-many.tar", "buildx-docker-amd64.tar",
        "buildx-docker-arm64.tar", "oci-artifact",
    ]
    .filter { $0 != "docker20-one.tar" }.map(Fixture.path)

    /// Damages one file of a site after the other; each time the same inputs make it whole.
    private func expectHealed(
        where isDamaged: (String, BuiltSite) throws -> Bool,
        _ damage: ([UInt8]) -> [UInt8]?
    ) throws {
        let site = try BuiltSite(Self.inputs)
        let whole = try site.snapshot()
        for (path, entry) in whole.sorted(by: { $0.key < $1.key }) {
            guard case .file(let bytes, _) = entry, try isDamaged(path, site) else { continue }
            if let changed = damage(bytes) {
                try site.folder.write("site/\(path)", changed)
            } else {
                try site.folder.remove("site/\(path)")
            }
            try site.build(Self.inputs)
            #expect(Tree.differences(whole, try site.snapshot()) == [], "\(path)")
        }
    }

    private func joined(_ site: BuiltSite) throws -> String {
        let entry = try #require(try site.index.entries.first { $0.name == "zoo/merge:1" })
        return entry.manifest.digest.blobPath
    }

    private func isBlob(_ path: String, _ site: BuiltSite) throws -> Bool {
        try path.hasPrefix("blobs/") && path != joined(site)
    }

    private func flip(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if !bytes.isEmpty { bytes[bytes.count / 2] ^= 1 }
        return bytes
    }

    /// A damaged file system may show a folder where a file was.
    @Test(arguments: SiteLayout.allCases) func foldersInThePlaceOfFiles(_ layout: SiteLayout) throws
    {
        let site = try BuiltSite()
        try site.build(Self.inputs, layout: layout)
        let whole = try site.snapshot()
        let places = [
            "blobs/", "manifests/", "v2/", "SHA256SUMS", "content-types.json", "oci-layout",
        ]
        for path in whole.keys.sorted() where places.contains(where: path.hasPrefix) {
            if case .folder = whole[path] { continue }
            try site.folder.remove("site/\(path)")
            try site.folder.write("site/\(path)/inner/file", "x")
            // Only blobs that an archive has can come back.
            let isJoined = try path.hasPrefix("blobs/") && path == joined(site)
            guard !isJoined else { continue }
            try site.build(Self.inputs)
            #expect(Tree.differences(whole, try site.snapshot()) == [], "\(path)")
        }
    }

    @Test func flippedBlobs() throws { try expectHealed(where: isBlob, flip) }

    @Test func truncatedBlobs() throws {
        try expectHealed(where: isBlob) { Array($0.dropLast(3)) }
    }

    @Test func missingBlobs() throws { try expectHealed(where: isBlob) { _ in nil } }

    @Test func missingFilesOfTheAPI() throws {
        try expectHealed(where: { path, _ in path.hasPrefix("manifests/") || path.hasPrefix("v2/") }
        ) {
            _ in nil
        }
    }

    @Test func changedLists() throws {
        try expectHealed(where: { path, _ in path.hasPrefix("v2/") || path == "oci-layout" }, flip)
    }

    /// `verify` says that building again replaces what is damaged.
    @Test func flippedManifestCopies() throws {
        try expectHealed(where: { path, _ in path.hasPrefix("manifests/") }, flip)
    }

    /// The index that joins platforms is made of the same inputs.
    @Test func joinedIndex() throws {
        try expectHealed(where: { try $0 == joined($1) }, flip)
    }
}
