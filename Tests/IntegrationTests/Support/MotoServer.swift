// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

/// A server of the S3 protocol on loopback, and what rclone has to know to reach it as `s3:`.
struct MotoServer: Sendable {
    let port: Int
    let environment: [String: String]

    /// The server of the running suite.
    @TaskLocal static var current: MotoServer?

    static func required() throws -> MotoServer { try #require(current) }

    fileprivate init(_ workspace: Workspace, port: Int) {
        self.port = port
        var environment = workspace.environment
        environment["RCLONE_CONFIG"] = "/dev/null"
        let settings = [
            "TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": "http://127.0.0.1:\(port)",
            "REGION": "us-east-1", "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test",
            "ACL": "public-read", "FORCE_PATH_STYLE": "true",
        ]
        for (name, value) in settings { environment["RCLONE_CONFIG_S3_\(name)"] = value }
        self.environment = environment
    }

    /// A web server that shows a bucket to everyone under its own address, for reading.
    func front(_ workspace: Workspace, bucket: String) throws -> NginxServer {
        try NginxServer(
            workspace,
            before: """
                location / {
                    limit_except GET { deny all; }
                    proxy_pass http://127.0.0.1:\(self.port);
                    proxy_http_version 1.1;
                    proxy_set_header Host \(bucket).s3.amazonaws.com;
                }
                """
        )
    }
}

/// Runs one server for all tests of a suite: it takes seconds to start.
struct MotoTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let workspace = try Workspace()
        let server = MotoServer(workspace, port: try NginxServer.freePort())
        let job = try workspace.start(["moto_server", "-H", "127.0.0.1", "-p", "\(server.port)"])
        defer { job.stop() }
        try Endpoint(host: "127.0.0.1:\(server.port)", authority: nil)
            .waitForAnswer(workspace, from: job, seconds: 60)
        try await MotoServer.$current.withValue(server, operation: function)
    }
}

extension Trait where Self == MotoTrait {
    static var withMoto: Self { MotoTrait() }
}

extension Integration {
    /// Tests that share one server: it takes seconds to start.
    @Suite(.serialized, .needs(.moto, .rclone, .nginx, .curl), .withMoto)
    enum WithMoto {}
}
