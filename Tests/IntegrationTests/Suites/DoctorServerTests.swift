// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// `regstatic doctor` against every server that a site brings configuration for.
extension Integration {
    @Suite(.serialized, .needsEveryServer(and: .curl, .openssl), .servingPlainTags)
    struct DoctorServerTests {
        private let site: ServedSite
        private var workspace: Workspace { site.workspace }

        init() throws { site = try ServedSite.required() }

        @Test(arguments: SiteServer.Kind.allCases)
        func everyServerIsHealthy(_ kind: SiteServer.Kind) throws {
            #expect(try problems(kind, site: workspace["site"]) == [:])
        }

        /// What these servers do by themselves, without what the site's files set.
        @Test(
            arguments: [
                (.apache, "registry.conf", "MaxRanges 4096", "", "warn"),
                (
                    .lighttpd, "registry.lua", "local ranges = asked",
                    "local ranges = nil and asked", "fail"
                ),
            ] as [(SiteServer.Kind, String, String, String, String)]
        )
        func partsNeedTheSettings(
            _ kind: SiteServer.Kind,
            _ file: String,
            _ setting: String,
            _ other: String,
            _ verdict: String
        ) throws {
            let path = "\(kind)-alone/servers/\(kind.rawValue)/\(file)"
            try workspace.copy("site", to: "\(kind)-alone")
            let text = try workspace.folder.text(path)
            #expect(text.contains(setting))
            try workspace.folder.write(path, text.replacing(setting, with: other))
            #expect(try problems(kind, site: workspace["\(kind)-alone"]) == ["blob-parts": verdict])
        }

        private func problems(_ kind: SiteServer.Kind, site: String) throws -> [String: String] {
            let server = try SiteServer(kind, workspace, site: site, authority: nil)
            defer { server.stop() }
            return try workspace.doctor(server.endpoint.url)
        }
    }
}
