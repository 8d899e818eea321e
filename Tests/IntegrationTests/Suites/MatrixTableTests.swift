// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

// The page that `make matrix` writes, from made-up pulls.
struct MatrixTableTests {
    @Test func pullsAreCounted() {
        let table = Self.table(of: [Self.pull(.index), Self.pull(.zstd)])
        #expect(table.markdown.contains("on 2026-01-02: 1 pulls over HTTP and 1 over HTTPS."))
        #expect(table.markdown.contains("| skopeo | 1.2 | Debian | ok |\n"))
        #expect(!table.markdown.contains("[1]"))
    }

    @Test func aLimitIsANote() {
        let limit = KnownLimit(reason: "It can't.") { $0.sample == .zstd }
        let pulls = [Self.pull(.index), Self.pull(.zstd, failure: "no such encoding")]
        let text = Self.table(of: pulls, limits: [limit]).markdown
        #expect(text.contains("| skopeo | 1.2 | Debian | 1 of 2 [1] |\n"))
        #expect(text.contains("\n[1] It can't.\n"))
    }

    @Test func aFailureIsNoLimit() {
        let text = Self.table(of: [Self.pull(.index, failure: "404")]).markdown
        #expect(text.contains("| 0 of 1 **failed** |"))
    }

    @Test func partialPullsAreBytes() {
        let client = ClientVersion(name: "podman", version: "5.4", debian: "Debian")
        let pulls = [(SiteServer.Kind.apache, 1234), (.nginx, 567)]
            .map { PartialPull(client: client, server: $0, version: .oneFile, bytes: $1) }
        let text = PartialPullTable(pulls: pulls, bytes: 9876).markdown
        let failed = "**failed**"
        #expect(text.contains("\n4000 files and 9876 bytes."))
        #expect(text.contains("| version 2 | 1234 | \(failed) | \(failed) | 567 | \(failed) |\n"))
    }

    @Test func podsAreCells() {
        let stands = [Transport.https, .http]
            .map {
                Stand(server: .nginx, layout: .plain, transport: $0)
            }
        let results = stands.map {
            KubeletTable.Result(stand: $0, check: "a tag", isRight: $0.transport == .http)
        }
        let table = KubeletTable(
            results: results,
            kubelet: "1.20",
            containerd: "1.6",
            pause: "k8s.example/pause:3"
        )
        #expect(table.markdown.contains("\n| pods by | nginx | nginx, HTTP |\n"))
        #expect(table.markdown.contains("\n| a tag | **failed** | ok |\n"))
    }

    @Test func otherClientsAreRows() {
        let row = KitClientTable.Row(
            name: "incus",
            version: "7.0",
            source: "Debian",
            ways: [.tag, .digest],
            note: "HTTPS only.",
            failures: [.nginx: [.digest]]
        )
        let text = KitClientTable(rows: [row], absent: ["nerdctl"]).markdown
        let cells = "ok | ok | ok | **failed**: digest | ok |"
        #expect(text.contains("\n| incus | 7.0 | Debian | tag, digest | \(cells)\n"))
        #expect(text.contains("\n| nerdctl |  | no package in these Debian releases | not tried |"))
        #expect(text.contains("\n- incus: HTTPS only.\n"))
    }

    private static func table(of pulls: [MatrixPull], limits: [KnownLimit] = []) -> MatrixTable {
        MatrixTable(
            pulls: pulls,
            columns: [.init(server: .nginx, version: "1.22")],
            date: "2026-01-02",
            limits: limits
        )
    }

    private static func pull(_ sample: Sample, failure: String? = nil) -> MatrixPull {
        MatrixPull(
            client: ClientVersion(name: "skopeo", version: "1.2", debian: "Debian"),
            stand: Stand(
                server: .nginx,
                layout: .plain,
                transport: sample == .zstd ? .http : .https
            ),
            sample: sample,
            failure: failure
        )
    }
}
