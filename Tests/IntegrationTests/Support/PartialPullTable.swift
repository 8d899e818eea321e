// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The bytes that a server sent for one pull.
struct PartialPull {
    let client: ClientVersion
    let server: SiteServer.Kind
    let version: ChunkedImage.Version
    let bytes: Int
}

/// Partial pulls as a chapter of the matrix in Markdown: rows for each client, a column for each server.
struct PartialPullTable {
    let pulls: [PartialPull]
    /// The size of the image.
    let bytes: Int

    var markdown: String {
        let servers = SiteServer.Kind.allCases
        let head = ["client", "version", "Debian", "pull"] + servers.map(\.rawValue)
        let lines = [row(head), row(head.map { _ in "---" })] + rows(servers)
        return introduction + lines.joined(separator: "\n") + "\n"
    }

    private var introduction: String {
        """
        ## Partial pulls

        podman with `enable_partial_images` pulls three versions of an image in zstd:chunked, which has
        \(ChunkedImage.files) files and \(bytes) bytes. Version 2 differs from version 1 in one
        file; version 3 differs from version 1 in every fourth file. The numbers are the bytes that
        the server sent.


        """
    }

    private func rows(_ servers: [SiteServer.Kind]) -> [String] {
        var clients: [ClientVersion] = []
        for pull in pulls where !clients.contains(pull.client) { clients.append(pull.client) }
        return clients.flatMap { client in
            ChunkedImage.Version.allCases.map { version in
                let found = servers.map { server in
                    pulls.first {
                        $0.client == client && $0.server == server && $0.version == version
                    }
                }
                let cells = found.map { $0.map { "\($0.bytes)" } ?? "**failed**" }
                let name = [
                    client.name, client.version, client.debian, "version \(version.rawValue)",
                ]
                return row(name + cells)
            }
        }
    }

    private func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
