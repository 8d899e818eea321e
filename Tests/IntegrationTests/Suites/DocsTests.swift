// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// Every command that README and the pages of docs/ show is run, or has a reason here.
extension Integration {
    @Suite(
        .serialized,
        .needs(.nginx, .apache, .caddy, .lighttpd, .python, .curl, .tar, .ip, .skopeo, .sshKeygen),
        .needsRoot,
        .needsMounts
    )
    struct DocsTests {
        /// What can't be run beside the others, by how it begins.
        private static let elsewhere = [
            "docker ": "needs Docker's daemon; ClientMatrixTests pull by it",
            "scp -r site/clients root@node1:": "needs another machine; KitTests install the kit",
            "sh site/clients/install.sh": "needs a node; NodeTests run it with real engines",
            "make demo": "builds the release; its script has a test below",
            "make install": "builds the release",
            "make release": "builds the static program; ReleaseTests make the files",
            "rclone config": "asks questions",
            "cosign verify": "isn't in Debian 12; SignatureTests have it in newer trees",
            "ssh-keygen -t ed25519": "asks for a passphrase; the workspace has the key",
            "regstatic publish site s3:": "needs a bucket; PublishTests have one",
            "regstatic publish site ship:": "needs another machine; PublishTests have a remote",
        ]

        private static let root = #filePath.split(separator: "/").dropLast(4)
            .reduce("") { "\($0)/\($1)" }

        static let pages: [String] = {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/docs")) ?? []
            return ["README.md"]
                + names.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
        }()

        /// The lines of a page's indented blocks: what is no command stands between fences.
        private static func commands(_ page: String) throws -> [String] {
            let text = try String(contentsOfFile: "\(root)/\(page)", encoding: .utf8)
            var isFenced = false
            return text.split(separator: "\n")
                .compactMap { line in
                    if line.hasPrefix("```") { isFenced.toggle() }
                    guard !isFenced, line.hasPrefix("    ") else { return nil }
                    return String(line.drop { $0 == " " })
                }
        }

        @Test(arguments: pages) func commandsWork(_ page: String) throws {
            let lines = try Self.commands(page)
                .filter { line in !Self.elsewhere.keys.contains(where: line.hasPrefix) }
            guard !lines.isEmpty else { return }
            let workspace = try Workspace()
            let image = "\(Self.root)/samples/hello.tar"
            try workspace.run("cp", image, workspace["images.tar"]).succeeded()
            try workspace.build([image], into: "site-a")
            try workspace.build([Fixture.attested], into: "site-b")
            try workspace.folder.write("deploy.yaml", "image: nginx@sha256:\(digest)\n")
            try workspace.run(
                "ssh-keygen",
                "-q",
                "-N",
                "",
                "-C",
                "home",
                "-f",
                workspace["home-key"]
            )
            .succeeded()
            try Self.writeParts(workspace)
            try Sandbox.run(lines, workspace).succeeded()
        }

        /// Writes an archive that lacks the layer of another one, and a registry's data in two tars.
        private static func writeParts(_ workspace: Workspace) throws {
            let fixtures = "\(root)/Tests/Fixtures"
            let layer = "7a0d4adee6b0f9ec27f8016f37150bc989918e2eab2bb8392d66f2c366a89ff6"
            let script = """
                cp \(fixtures)/docker28-one.tar base.tar
                mkdir more && tar -xf \(fixtures)/docker28-many.tar -C more
                rm more/blobs/sha256/\(layer) && tar -cf increment.tar -C more .
                mkdir parts && tar -xf \(fixtures)/registry-backup.tar -C parts
                tar -cf mirror_000001.tar -C parts registry/docker/registry/v2/repositories
                tar -cf mirror_000002.tar -C parts registry/docker/registry/v2/blobs
                """
            try workspace.run("sh", "-ec", "cd \(workspace.folder.path)\n\(script)").succeeded()
        }

        private let digest = String(repeating: "0", count: 64)

        /// A reason that no page needs any more would hide the next command.
        @Test func everyReasonIsNeeded() throws {
            let all = try Self.pages.flatMap { try Self.commands($0) }
            try #require(all.count > 50)
            for reason in Self.elsewhere.keys {
                #expect(all.contains { $0.hasPrefix(reason) }, "\(reason)")
            }
        }

        @Test func theDemoGoesToAPull() throws {
            let workspace = try Workspace()
            // Below /srv it would be out of sight.
            try workspace.run("cp", "-r", "\(Self.root)/samples", workspace["samples"]).succeeded()
            let demo = "samples/demo.sh $PWD/bin/regstatic </dev/null"
            let outcome = try Sandbox.run([demo], workspace).succeeded()
            #expect(outcome.text.contains("Pulled localhost:5000/zoo/hello:3."))
            #expect(workspace.folder.exists("demo-site-pulled/manifest.json"))
        }

        /// A command that fails is seen: else none of the tests above would say a thing.
        @Test func aFailureIsSeen() throws {
            let outcome = try Sandbox.run(["regstatic verify nowhere", "true"], try Workspace())
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("FAILED: regstatic verify nowhere"))
        }
    }
}
