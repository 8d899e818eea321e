// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation

/// The matrix as a page in Markdown: a row for each client, a column for each server.
struct MatrixTable {
    let pulls: [MatrixPull]
    let servers: [(kind: SiteServer.Kind, version: String)]
    let date: String
    var limits = KnownLimit.all

    var markdown: String {
        (introduction + [""] + rows + footnotes + [""] + kinds).joined(separator: "\n") + "\n"
    }

    private var introduction: [String] {
        let http = pulls.count { $0.transport == .http }
        return [
            "# Which client pulls from which server", "",
            "Made by `make matrix` on \(date): \(http) pulls over HTTP and \(pulls.count - http) over HTTPS.",
            "A pull is ok if the configuration and every layer, unpacked, have the digests that the archive",
            "says. Every server runs by the configuration that a site brings, once for each layout.",
        ]
    }

    private var rows: [String] {
        let names = servers.map { "\($0.kind.rawValue) \($0.version)" }
        let clients = pulls.map(\.client)
            .reduce(into: [ClientVersion]()) { clients, client in
                if clients.last != client { clients.append(client) }
            }
        return [
            row(["client", "", "of"] + names),
            row(names.map { _ in "---" } + ["---", "---", "---"]),
        ]
            + clients.map { client in
                row(
                    [client.name, client.version, client.debian]
                        + servers.map { cell(client, $0.kind) }
                )
            }
    }

    private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }

    /// "ok", or the numbers of what doesn't work.
    private func cell(_ client: ClientVersion, _ server: SiteServer.Kind) -> String {
        let failed = pulls.filter {
            $0.client == client && $0.server == server && $0.failure != nil
        }
        guard !failed.isEmpty else { return "ok" }
        let numbers = Set(
            failed.map { pull in
                limits.firstIndex { $0.covers(pull) }.map { "\($0 + 1)" } ?? "fails"
            }
        )
        return numbers.sorted().joined(separator: ", ")
    }

    private var footnotes: [String] {
        limits.enumerated()
            .flatMap { ["", "\($0.offset + 1). All but this works: \($0.element.reason)"] }
    }

    private var kinds: [String] {
        let lists = Transport.allCases.map { transport in
            (transport, unique(pulls.filter { $0.transport == transport }.map(\.sample.kind)))
        }
        return
            lists.flatMap { transport, kinds in
                ["What is pulled over \(transport.rawValue.uppercased()):", ""]
                    + kinds.map { "- \($0)" } + [""]
            }
            .dropLast()
    }

    private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}
