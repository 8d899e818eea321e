// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// Where the signature of a site goes when the site is published.
extension Integration {
    @Suite(.serialized, .needs(.rclone, .sshKeygen))
    struct SignedPublishTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
            try workspace.run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                workspace["key"]
            )
            .succeeded()
            let key = try workspace.folder.text("key.pub")
            try workspace.folder.write("signers", "home \(key)")
        }

        private func publishing(_ layout: String, _ options: String...) throws -> Outcome {
            try workspace.build([Fixture.containerdOne], "--layout", layout)
            try workspace.regstatic("sign", workspace["site"], "--key", workspace["key"])
                .succeeded()
            let words = [Workspace.regstatic, "publish", workspace["site"], workspace["remote"]]
            return try workspace.start(words + options).wait().succeeded()
        }

        private var signatures: [String] {
            get throws {
                try workspace.folder.snapshot("remote").keys.filter { $0.hasPrefix("signatures/") }
            }
        }

        @Test func aPortableSiteKeepsItsSignature() throws {
            #expect(!(try publishing("portable").errors.contains("signature")))
            #expect(try signatures.count == 1)
            let verify = ["verify", workspace["remote"], "--signers", workspace["signers"]]
            try workspace.start([Workspace.regstatic] + verify).wait().succeeded()
            let json = try publishing("portable", "--json")
            #expect(json.text.contains(#""signaturePublished":true"#))
        }

        @Test(arguments: [[], ["--for", "netlify"]])
        func othersSayThatTheyLoseIt(_ options: [String]) throws {
            try workspace.build([Fixture.containerdOne])
            try workspace.regstatic("sign", workspace["site"], "--key", workspace["key"])
                .succeeded()
            let words = [Workspace.regstatic, "publish", workspace["site"], workspace["remote"]]
            let outcome = try workspace.start(words + options).wait().succeeded()
            #expect(outcome.errors.contains("The site's signature is not published, because it"))
            #expect(outcome.errors.contains("--layout portable") == options.isEmpty)
            #expect(try signatures.isEmpty)
            let json = try workspace.start(words + options + ["--json"]).wait().succeeded()
            #expect(json.text.contains(#""signaturePublished":false"#))
        }

        /// Programs are for people who hold the medium.
        @Test func programsAreNotPublished() throws {
            let program = try workspace.folder.write("tool", ProgramSample().bytes)
            let options = ["--layout", "portable", "--program", program]
            try workspace.start(
                [Workspace.regstatic, "build", Fixture.containerdOne, "-o", workspace["site"]]
                    + options
            )
            .wait().succeeded()
            let outcome = try publishing("portable")
            #expect(outcome.errors.contains("--layout portable and without programs"))
            let names = try workspace.folder.snapshot("remote").keys
            #expect(!names.contains { $0.contains("program") || $0.contains("README") })
            #expect(try !workspace.folder.text("remote/index.html").contains("README.txt"))
            try workspace.start([Workspace.regstatic, "verify", workspace["remote"]]).wait()
                .succeeded()
        }

        @Test func anUnsignedSiteSaysNothing() throws {
            try workspace.build([Fixture.containerdOne])
            let outcome = try workspace.regstatic("publish", workspace["site"], workspace["remote"])
            #expect(outcome.status == 0 && !outcome.errors.contains("signature"))
        }
    }
}
