// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The matrix as a page in Markdown: a row for each client, a column for each server.
struct MatrixTable {
    struct Column {
        let server: SiteServer.Kind
        let version: String
    }

    let pulls: [MatrixPull]
    let columns: [Column]
    let date: String
    var limits = KnownLimit.all

    var markdown: String {
        [introduction, rows + footnotes, kinds].map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    private var introduction: [String] {
        let https = pulls.count { $0.stand.transport == .https }
        return [
            "# Which client pulls from which server",
            "",
            "Made by `make matrix` on \(date): \(pulls.count - https) pulls over HTTP and \(https) over HTTPS.",
            "A pull is ok if the config and every unpacked layer have the same hash as in the archive.",
            "Every server uses the configuration from the site, for both layouts.",
        ]
    }

    private var rows: [String] {
        let servers = columns.map { "\($0.server.rawValue) \($0.version)" }
        let head = ["client", "version", "Debian"] + servers
        return [row(head), row(head.map { _ in "---" })]
            + Self.unique(pulls.map(\.client))
            .map { client in
                row(
                    [client.name, client.version, client.debian] + columns.map { cell(client, $0) }
                )
            }
    }

    private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }

    /// How many pulls are ok, and the numbers of what keeps the others from it.
    private func cell(_ client: ClientVersion, _ column: Column) -> String {
        let pulls = pulls.filter { $0.client == client && $0.stand.server == column.server }
        let failed = pulls.filter { $0.failure != nil }
        guard !failed.isEmpty else { return "ok" }
        let notes = failed.map { pull in
            limits.firstIndex { $0.covers(pull) }.map { "[\($0 + 1)]" } ?? "**failed**"
        }
        return (["\(pulls.count - failed.count) of \(pulls.count)"] + Set(notes).sorted())
            .joined(separator: " ")
    }

    private var footnotes: [String] {
        limits.enumerated().filter { pulls.contains(where: $0.element.covers) }
            .flatMap { ["", "[\($0 + 1)] \($1.reason)"] }
    }

    private var kinds: [String] {
        ["What is pulled:", ""]
            + Self.unique(pulls.map(\.sample))
            .map { sample in
                let stands = pulls.filter { $0.sample == sample }.map(\.stand)
                let layouts = Self.unique(stands.map(\.layout.rawValue)).joined(separator: ", ")
                let transports = Self.unique(stands.map { $0.transport.rawValue.uppercased() })
                return "- \(sample.kind) (\(layouts); \(transports.joined(separator: ", ")))"
            }
    }

    private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}
