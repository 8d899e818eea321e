// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

/// A site that the tests of a suite share, served over HTTP and HTTPS while they run.
struct ServedSite: Sendable {
    let workspace: Workspace
    let http: Endpoint
    let https: Endpoint

    /// The site of the running suite.
    @TaskLocal static var current: ServedSite?

    static func required() throws -> ServedSite { try #require(current) }

    var client: HTTPClient { HTTPClient(workspace, http) }

    func endpoint(_ transport: Transport) -> Endpoint {
        switch transport {
        case .http: http
        case .https: https
        }
    }
}

/// How a client reaches a registry.
enum Transport: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case http, https

    var testDescription: String { rawValue }
}

/// Builds a site once for a suite, and serves it.
struct ServingTrait: SuiteTrait, TestScoping {
    let build: @Sendable (Workspace) throws -> Void

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let workspace = try Workspace()
        try build(workspace)
        let http = try NginxServer(workspace, site: workspace["site"])
        defer { http.stop() }
        let authority = try PrivateCA(workspace)
        let https = try NginxServer(workspace, site: workspace["site"], authority: authority)
        defer { https.stop() }
        let site = ServedSite(workspace: workspace, http: http.endpoint, https: https.endpoint)
        try await ServedSite.$current.withValue(site, operation: function)
    }
}

extension Trait where Self == ServingTrait {
    /// Images of many kinds, added in two runs.
    static var servingZoo: Self {
        ServingTrait { workspace in
            let inputs = [
                Fixture.docker20Many, Fixture.attested, Fixture.mergeAMD64, Fixture.mergeARM64,
            ]
            try workspace.build(inputs)
            try workspace.build([Fixture.referrers], "--name", "zoo/hello")
        }
    }

    /// Manifests and indexes under tags that no server takes for anything else.
    static var servingPlainTags: Self {
        ServingTrait { workspace in
            let inputs = [Fixture.docker20One, Fixture.mergeAMD64, Fixture.mergeARM64]
            try workspace.build(inputs + [Fixture.attested])
            try workspace.build([try LargeArchive.write(workspace, layers: 1)])
        }
    }
}
