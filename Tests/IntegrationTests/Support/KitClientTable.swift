// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Clients that keep images in a form of their own, as a chapter of the matrix in Markdown.
struct KitClientTable {
    struct Row {
        let name: String
        let version: String
        let source: String
        let ways: [PullWay]
        let note: String
        /// The ways that failed, for each server.
        var failures: [SiteServer.Kind: [PullWay]] = [:]
    }

    let rows: [Row]
    /// Clients that could not be had.
    let absent: [String]

    var markdown: String {
        let servers = SiteServer.Kind.allCases
        let head = ["client", "version", "from", "pulls by"] + servers.map(\.rawValue)
        let lines = [head, head.map { _ in "---" }]
        let there = rows.map { row in
            [row.name, row.version, row.source, row.ways.map(\.rawValue).joined(separator: ", ")]
                + servers.map { cell(row, $0) }
        }
        let missing = absent.map {
            [$0, "", "no package in these Debian releases", "not tried"] + servers.map { _ in "" }
        }
        let table = (lines + there + missing).map { "| \($0.joined(separator: " | ")) |" }
        return introduction + table.joined(separator: "\n") + "\n\n"
            + notes.joined(separator: "\n") + "\n"
    }

    private var introduction: String {
        """
        ## Other clients

        These clients keep what they pull in forms of their own, so different digests show whether it
        is what the site has. Without another note, pulls are over HTTPS with a private CA. All of
        them fail for an absent image.


        """
    }

    private var notes: [String] {
        var names: [String] = []
        return rows.compactMap { row in
            guard !names.contains(row.name) else { return nil }
            names.append(row.name)
            return "- \(row.name): \(row.note)"
        }
    }

    private func cell(_ row: Row, _ server: SiteServer.Kind) -> String {
        guard let failures = row.failures[server], !failures.isEmpty else { return "ok" }
        return "**failed**: \(failures.map(\.rawValue).joined(separator: ", "))"
    }
}
