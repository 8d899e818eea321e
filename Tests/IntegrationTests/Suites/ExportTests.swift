// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import TestSupport
import Testing

// docker save, a site, an archive of it, an engine: the same image all the way.
extension Integration {
    @Suite(.serialized, .needsRoot)
    struct ExportTests {
        /// A docker-archive's image, a registry's own, an index of two platforms.
        private static let samples = [
            ("zoo/hello:2", Fixture.docker20Many, "zoo/hello:2"),
            ("original/zoo/hello:3", Fixture.containerdMany, "zoo/hello:3"),
            ("zoo/multi:1", Fixture.attested, "zoo/multi:1"),
        ]

        private func export() throws -> Workspace {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20Many, Fixture.attested])
            try workspace.build([Fixture.containerdMany], "--prefix", "original")
            let names = Self.samples.map(\.0)
            try workspace.start(
                [Workspace.regstatic, "export", workspace["site"]] + names
                    + ["-o", workspace["out.tar"]]
            )
            .wait().succeeded()
            return workspace
        }

        private func expectAll(_ workspace: Workspace, in client: some LoadClient) throws {
            for (name, archive, nameInArchive) in Self.samples {
                let expected = try ImageContent(archive: archive, name: nameInArchive, workspace)
                let found = try client.load(workspace["out.tar"], "docker.io/\(name)")
                #expect(found == expected, "\(name)")
            }
        }

        @Test(.needs(.docker, .dockerd)) func docker() throws {
            let workspace = try export()
            let daemon = try DockerDaemon(workspace)
            defer { daemon.stop() }
            try expectAll(workspace, in: daemon)
        }

        @Test(.needs(.containerd, .ctr)) func containerd() throws {
            let workspace = try export()
            let daemon = try Containerd(workspace)
            defer { daemon.stop() }
            try expectAll(workspace, in: daemon)
        }

        @Test(.needs(.podman)) func podman() throws {
            let workspace = try export()
            try expectAll(workspace, in: StorageClient(program: .podman, workspace: workspace))
        }

        /// Ctrl-C, or a terminal that is closed: what was there stays, and nothing else is left.
        @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func interrupted(_ signal: Int32) throws {
            let workspace = try Workspace()
            let name = "\(LargeArchive.repository):\(LargeArchive.tag)"
            try workspace.build([try LargeArchive.write(workspace)], "--compression", "none")
            try workspace.folder.write("out/big.tar", "older")
            let export = [Workspace.regstatic, "export", workspace["site"], name]
            let job = try workspace.start(export + ["-o", workspace["out/big.tar"]])
            while try workspace.folder.snapshot("out").count < 2, job.isRunning { usleep(500) }
            job.send(signal)
            #expect(try job.wait().signal == signal)
            #expect(try workspace.folder.snapshot("out").keys.sorted() == ["big.tar"])
            #expect(try workspace.folder.text("out/big.tar") == "older")
        }

        /// Into a pipe it is the same archive, and an OCI layout for skopeo.
        @Test(.needs(.skopeo, .tar)) func layout() throws {
            let workspace = try export()
            let names = Self.samples.map { "'\($0.0)'" }.joined(separator: " ")
            let command = #""$1" export "$2" \#(names) -o - > "$3""#
            try workspace.run(
                "sh",
                "-c",
                command,
                "sh",
                Workspace.regstatic,
                workspace["site"],
                workspace["piped.tar"]
            )
            .succeeded()
            try workspace.run("cmp", workspace["out.tar"], workspace["piped.tar"]).succeeded()
            let index = "oci-archive:\(workspace["out.tar"]):1"
            try workspace.run(
                "skopeo",
                "--policy",
                workspace["policy.json"],
                "copy",
                "-q",
                "--all",
                index,
                "dir:\(workspace["copied"])"
            )
            .succeeded()
        }
    }
}
