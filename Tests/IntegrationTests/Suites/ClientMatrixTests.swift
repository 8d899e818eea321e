// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// Every client pulls images of every kind from every server, and gets what the archive held.
extension Integration {
    @Suite(
        .serialized,
        .needsEveryServer(and: .curl, .openssl, .tar, .gzip, .zstd),
        .needsRoot,
        .needsMounts
    )
    struct ClientMatrixTests {
        @Test func everyPullIsWholeOrKnownNotToBe() throws {
            let clients = try Self.clients()
            let matrix = try ClientMatrix()
            defer { matrix.stop() }
            let pulls = try matrix.pull(with: clients)
            for pull in pulls {
                let limit = KnownLimit.all.first { $0.covers(pull) }
                #expect((pull.failure == nil) == (limit == nil), "\(pull); \(limit?.reason ?? "")")
            }
            try Self.report(pulls)
        }

        /// Those of this machine that are there, and those of the trees that the environment names.
        private static func clients() throws -> [MatrixClient] {
            let here = try MatrixClient.machine.filter { client in
                let missing = client.missing
                guard !missing.isEmpty else { return true }
                let remedies = Set(missing.map(\.remedy)).sorted().joined(separator: ", ")
                return try Missing.skip("no \(client.name) in the matrix: \(remedies)")
            }
            return here + Debian.trees.flatMap(MatrixClient.newer)
        }

        /// Writes the table where the environment says.
        private static func report(_ pulls: [MatrixPull]) throws {
            guard let path = ProcessInfo.processInfo.environment["REGSTATIC_MATRIX"] else { return }
            let workspace = try Workspace()
            let table = MatrixTable(
                pulls: pulls,
                columns: try SiteServer.Kind.allCases.map {
                    .init(server: $0, version: try workspace.version([$0.program.name]))
                },
                date: Date().formatted(.iso8601.year().month().day())
            )
            try table.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
}
