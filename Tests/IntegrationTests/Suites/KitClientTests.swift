// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// Clients that keep images in a form of their own pull from every server.
extension Integration {
    @Suite(
        .serialized,
        .needsEveryServer(and: .curl, .openssl, .tar, .gzip),
        .needsRoot,
        .needsMounts,
        .needsTrees
    )
    struct KitClientTests {
        /// A site with a kit, served over HTTPS and HTTP.
        private struct Served {
            let workspace: Workspace
            let authority: PrivateCA
            let https: SiteServer
            let http: SiteServer

            init(_ kind: SiteServer.Kind) throws {
                workspace = try Workspace()
                let chart = try HelmChart.write(workspace)
                try workspace.build([Fixture.docker20Many, Fixture.attested, chart])
                authority = try PrivateCA(workspace)
                let site = workspace["site"]
                https = try SiteServer(kind, workspace, site: site, authority: authority)
                http = try SiteServer(kind, workspace, site: site, authority: nil)
                let kit = ["--host", host(isName: true), "--ca", authority.certificate]
                try workspace.start([Workspace.regstatic, "clients", "-q", site] + kit)
                    .wait().succeeded()
            }

            /// The host for HTTPS, with its name or address.
            func host(isName: Bool) -> String {
                let address = https.endpoint.host
                return isName ? address.replacing("127.0.0.1", with: PrivateCA.name) : address
            }

            func stop() {
                https.stop()
                http.stop()
            }

            func image(_ repository: String, _ tag: String) throws -> ServedImage {
                try ServedImage(HTTPClient(workspace, https.endpoint), repository, tag)
            }
        }

        @Test func clientsPull() throws {
            let workspace = try Workspace()
            var rows = try KitClientEntry.all.map {
                KitClientTable.Row(
                    name: $0.name,
                    version: try $0.version(workspace),
                    source: $0.source,
                    ways: $0.ways,
                    note: $0.note
                )
            }
            #expect(!rows.isEmpty, "the trees have none of these clients")
            for kind in SiteServer.Kind.allCases {
                let served = try Served(kind)
                defer { served.stop() }
                for (index, entry) in KitClientEntry.all.enumerated() {
                    rows[index].failures[kind] = Self.failures(entry, served, kind)
                }
            }
            try Self.report(KitClientTable(rows: rows, absent: KitClientEntry.absent))
        }

        /// The ways in which a client doesn't pull what the site has.
        private static func failures(
            _ entry: KitClientEntry,
            _ served: Served,
            _ kind: SiteServer.Kind
        ) -> [PullWay] {
            do {
                let client = try entry.make(served.workspace, served.authority)
                defer { client.stop() }
                let failures = entry.ways.filter { way in
                    do {
                        try check(client, entry, served, way)
                        return false
                    } catch {
                        Issue.record("\(entry.name), \(kind), \(way.rawValue): \(error)")
                        return true
                    }
                }
                let absent = "\(served.host(isName: entry.debian != nil))/zoo/absent:1.0.0"
                let pulled = try? client.pull(absent, .https)
                #expect(pulled == nil, "\(entry.name), \(kind): pulls an absent image")
                return failures
            } catch {
                Issue.record("\(entry.name), \(kind): \(error)")
                return entry.ways
            }
        }

        private static func check(
            _ client: any KitClient,
            _ entry: KitClientEntry,
            _ served: Served,
            _ way: PullWay
        ) throws {
            for (name, image) in try pulls(entry, served, way) {
                let arrived = try client.pull(name, way.transport)
                let proof = client.proof(of: image)
                guard !proof.isEmpty, arrived.isSuperset(of: proof) else {
                    throw Missing(description: "\(name): \(arrived) instead of \(proof)")
                }
            }
        }

        /// Names, and what each of them stands for.
        private static func pulls(_ entry: KitClientEntry, _ served: Served, _ way: PullWay) throws
            -> [(String, ServedImage)]
        {
            let repository = entry.pullsCharts ? HelmChart.repository : "zoo/multi"
            let tag = entry.pullsCharts ? HelmChart.version : "1"
            let image = try served.image(repository, tag)
            let https = "\(served.host(isName: entry.debian != nil))/\(repository)"
            switch way {
            case .tag: return [("\(https):\(tag)", image)]
            case .digest: return [("\(https)@\(image.root)", image)]
            case .http: return [("\(served.http.endpoint.host)/\(repository):\(tag)", image)]
            case .hub: return [("nginx:alpine", try served.image("library/nginx", "alpine"))]
            case .otherNames:
                return [
                    ("ghcr.io/acme/tool:1.0.html", try served.image("acme/tool", "1.0.html")),
                    ("registry.corp:5000/team/app:1.0", try served.image("team/app", "1.0")),
                ]
            }
        }

        /// Writes the table where the environment says.
        private static func report(_ table: KitClientTable) throws {
            let variable = ProcessInfo.processInfo.environment["REGSTATIC_CLIENTS"]
            guard let path = variable else { return print(table.markdown) }
            try table.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
}
