// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

/// Publishes the sites of a workspace into a bucket of its own.
struct Publishing {
    let workspace: Workspace
    let moto: MotoServer
    let bucket = "bucket-\(UUID().uuidString.lowercased())"

    init(_ workspace: Workspace, _ moto: MotoServer) {
        self.workspace = workspace
        self.moto = moto
    }

    /// Manifests of each kind; with others that refer to them, on demand.
    func buildZoo(referrers: Bool = false) throws {
        let inputs = [
            Fixture.docker20Many, Fixture.attested, Fixture.mergeAMD64, Fixture.mergeARM64,
        ]
        try workspace.build(inputs)
        if referrers { try workspace.build([Fixture.referrers], "--name", "zoo/hello") }
    }

    func command(_ options: [String] = [], site: String = "site", bucket: String? = nil) -> [String]
    {
        let remote = "s3:\(bucket ?? self.bucket)"
        return [Workspace.regstatic, "publish", workspace[site], remote] + options
    }

    /// Publishes, and says how it ended.
    func run(_ options: String..., bucket: String? = nil) throws -> Outcome {
        try Job(command(options, bucket: bucket), environment: moto.environment).wait(120)
    }

    /// Publishes; anything but success is an error.
    @discardableResult
    func publish(_ options: String..., site: String = "site", bucket: String? = nil) throws
        -> Figures
    {
        let command = command(options + ["--json"], site: site, bucket: bucket)
        return try Figures(Job(command, environment: moto.environment).wait(120).succeeded())
    }

    /// A line for each object, with size and hash; empty for no bucket.
    func listing(bucket: String? = nil) throws -> String {
        let job = try Job(
            [
                "rclone", "lsf", "-R", "--files-only", "--format", "psh", "--hash", "MD5",
                "s3:\(bucket ?? self.bucket)",
            ],
            environment: moto.environment
        )
        return try job.wait().text
    }

    /// Shows the bucket to clients while the body runs.
    func serving(_ body: (Endpoint) throws -> Void) throws {
        let front = try moto.front(workspace, bucket: bucket)
        defer { front.stop() }
        try body(front.endpoint)
    }

    /// What `--json` told.
    struct Figures {
        let sent, sentBytes, copied, present, removed: Int

        init(_ outcome: Outcome) throws {
            let json = try JSON(parsing: outcome.output)
            func figure(_ name: String, _ unit: String = "objects") throws -> Int {
                try #require(json[name]?[unit]?.integer)
            }
            sent = try figure("sent")
            sentBytes = try figure("sent", "bytes")
            copied = try figure("copied")
            present = try figure("present")
            removed = try figure("removed")
        }
    }
}
