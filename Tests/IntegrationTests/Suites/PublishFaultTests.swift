// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc
import TestSupport
import Testing

// What goes wrong while a site is published, and how the next run goes on.
extension Integration.WithMoto {
    @Suite(.serialized)
    struct PublishFaultTests {
        private let workspace: Workspace
        private let publishing: Publishing

        init() throws {
            workspace = try Workspace()
            publishing = Publishing(workspace, try MotoServer.required())
        }

        /// In the middle of the blobs: what there is names nothing that isn't there.
        @Test(arguments: [SIGKILL, SIGINT])
        func anEndedRunIsFinishedByTheNext(_ signal: Int32) throws {
            try workspace.build([try LargeArchive.write(workspace)])
            try workspace.folder.makeFolder("tmp")
            try endHalfWay(signal)
            let before = try publishing.listing()
            #expect(before.contains("/blobs/"))
            #expect(!before.contains("/manifests/"))

            let rest = try publishing.publish()
            #expect(rest.present > 0)
            #expect(rest.sent > 5)
            #expect(try publishing.publish().sent == 0)
        }

        private func endHalfWay(_ signal: Int32) throws {
            var environment = publishing.moto.environment
            environment["TMPDIR"] = workspace["tmp"]
            let slowly = ["--", "--bwlimit", "10M", "--transfers", "1"]
            let job = try Job(publishing.command(slowly), environment: environment)
            for _ in 0..<200 where job.isRunning {
                if try publishing.listing().contains("/blobs/") { break }
                usleep(50_000)
            }
            job.send(signal)
            let outcome = try job.wait(20)
            if signal == SIGKILL {
                #expect(outcome.signal == SIGKILL)
                try endPrograms(of: workspace["tmp"])
            } else {
                #expect(outcome.status == 128 + signal)
                #expect(outcome.errors.lowercased().contains("run the same command again"))
                #expect(try workspace.folder.snapshot("tmp").isEmpty)
            }
        }

        /// rclone outlives a parent that is killed without a word: ended by its number.
        private func endPrograms(of folder: String) throws {
            for pid in try FileManager.default.contentsOfDirectory(atPath: "/proc")
                .compactMap({ Int32($0) })
            {
                let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
                guard String(decoding: line, as: UTF8.self).contains(folder) else { continue }
                kill(pid, SIGKILL)
                while kill(pid, 0) == 0 { usleep(10_000) }
            }
        }

        @Test func aRemoteThatDoesNotAnswerIsSaid() throws {
            try workspace.build([Fixture.docker20One])
            var environment = publishing.moto.environment
            let nowhere = "http://127.0.0.1:\(try NginxServer.freePort())"
            environment["RCLONE_CONFIG_S3_ENDPOINT"] = nowhere
            let options = ["--", "--retries", "1", "--low-level-retries", "1"]
            let outcome = try Job(publishing.command(options), environment: environment).wait()
            #expect(outcome.status == 5)
            #expect(outcome.errors.contains("rclone: "))
            #expect(outcome.errors.contains("connection refused"))
            #expect(outcome.errors.contains("error: "))
        }

        @Test func aFaultySiteIsRefused() throws {
            try publishing.buildZoo()
            let blobs = try workspace.folder.snapshot("site/blobs/sha256")
            try workspace.folder.remove("site/blobs/sha256/\(#require(blobs.keys.sorted().first))")
            let refused = try publishing.run()
            #expect(refused.status == 2)
            #expect(refused.errors.contains("fault: "))
            #expect(try publishing.listing().isEmpty)
            try publishing.run("--force").succeeded()
            #expect(try publishing.listing().contains("v2/_catalog"))
        }

        @Test func anAccountIsNoBucket() throws {
            try workspace.build([Fixture.docker20One])
            let outcome = try publishing.run(bucket: "")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("s3:BUCKET"))
        }

        /// No site is needed to see that; the remedy is.
        @Test func aMissingProgramIsSaid() throws {
            try workspace.build([Fixture.docker20One])
            try workspace.folder.makeFolder("bin")
            try workspace.run("ln", "-s", "/usr/bin/env", workspace["bin/env"]).succeeded()
            let job = try Job(publishing.command(), environment: ["PATH": workspace["bin"]])
            let outcome = try job.wait()
            #expect(outcome.status == 5)
            #expect(outcome.errors.contains("apt install rclone"))
        }
    }
}
