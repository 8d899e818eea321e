// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// Newer podmans fetch only what they lack of an image in zstd:chunked, from every server.
extension Integration {
    @Suite(
        .serialized,
        .needsEveryServer(and: .curl, .openssl, .tar),
        .needsRoot,
        .needsMounts,
        .needsTrees
    )
    struct PartialPullTests {
        private let workspace: Workspace
        private let image: ChunkedImage
        private let debians: [Debian]

        init() throws {
            workspace = try Workspace()
            debians = Debian.trees.filter { $0.has(.podman) && $0.has(.skopeo) }
            let maker = try #require(debians.first)
            image = try ChunkedImage(workspace, into: "site", in: maker)
        }

        @Test func onlyChangesAreFetched() throws {
            let pulls = try SiteServer.Kind.allCases.flatMap { kind in
                try debians.flatMap { try versions(from: kind, in: $0) }
            }
            for pull in pulls {
                #expect(pull.bytes <= limit(pull.version), "\(pull)")
                // Else nothing has been counted.
                #expect(pull.version != .first || pull.bytes >= image.bytes * 9 / 10, "\(pull)")
            }
            let table = PartialPullTable(pulls: pulls, bytes: image.bytes)
            let variable = ProcessInfo.processInfo.environment["REGSTATIC_PARTIAL"]
            guard let path = variable else { return print(table.markdown) }
            try table.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }

        /// The changes, and 2 % of the image: lists of the files that a layer has, answers' headers.
        private func limit(_ version: ChunkedImage.Version) -> Int {
            let news = version == .first ? image.bytes : version.changedBytes
            return news + image.bytes / 50
        }

        /// Pulls the versions in their order into one store.
        private func versions(from kind: SiteServer.Kind, in debian: Debian) throws -> [PartialPull]
        {
            let site = workspace["site"]
            let server = try SiteServer(kind, workspace, site: site, authority: nil)
            defer { server.stop() }
            let podman = try PartialPodman(workspace, in: debian)
            let client = ClientVersion(
                name: "podman",
                version: try workspace.version(["podman"]) { debian.command($0) },
                debian: debian.name
            )
            return try ChunkedImage.Version.allCases.compactMap { version in
                let counter = try ByteCounter(workspace, before: server.endpoint)
                do {
                    let pulled = try podman.pull(version.reference, from: counter.endpoint)
                    #expect(pulled == image.contents[version], "\(client), \(kind), \(version)")
                } catch {
                    Issue.record("\(client), \(kind), \(version): \(error)")
                    return nil
                }
                let bytes = try counter.finish()
                return PartialPull(client: client, server: kind, version: version, bytes: bytes)
            }
        }
    }
}
