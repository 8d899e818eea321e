// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// Images made by umoci and buildah, not pulled from anywhere: into a site, and out of it into an engine.
extension Integration {
    @Suite(.serialized, .needs(.skopeo, .podman, .gzip, .zstd), .needsRoot)
    struct MakerTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
            try workspace.folder.write("files/etc/app.conf", "a file\n")
            try workspace.folder.write("files/data/more", "another\n")
        }

        /// From the site, and from an archive of it, the image is what its maker wrote.
        private func expectSame(_ input: String, as source: String, _ name: String) throws {
            let skopeo = Skopeo(workspace: workspace)
            let made = try Skopeo.content(try skopeo.copy(source), workspace)
            // A docker-archive says the whole name, a layout only the tag.
            let given = source.hasPrefix("docker-archive:") ? [] : ["--name", name]
            try workspace.build([input] + given)
            let served = try skopeo.copy("oci:\(workspace["site"]):\(name)")
            #expect(try Skopeo.content(served, workspace) == made)
            let archive = workspace["out.tar"]
            try workspace.regstatic("export", workspace["site"], name, "-o", archive).succeeded()
            let engine = StorageClient(program: .podman, workspace: workspace)
            #expect(try engine.load(archive, "docker.io/\(name)") == made)
            try workspace.regstatic("verify", workspace["site"]).succeeded()
        }

        @Test(.needs(.umoci)) func umoci() throws {
            let layout = workspace["layout"]
            let image = ["--image", "\(layout):1"]
            for arguments in [
                ["init", "--layout", layout], ["new"] + image,
                ["config", "--os", "linux", "--architecture", "amd64", "--config.cmd", "/x"]
                    + image,
                ["insert"] + image + [workspace["files/etc"], "/etc"],
                ["insert"] + image + [workspace["files/data"], "/data"],
                ["unpack"] + image + [workspace["bundle"]],
            ] {
                try workspace.start(["umoci"] + arguments).wait().succeeded()
            }
            try workspace.folder.write("bundle/rootfs/changed", "a layer more\n")
            try workspace.start(["umoci", "repack"] + image + [workspace["bundle"]]).wait()
                .succeeded()
            try expectSame(layout, as: "oci:\(layout):1", "made/umoci:1")
        }

        @Test(.needs(.buildah), arguments: ["docker-archive", "oci-archive", "oci"])
        func buildah(_ transport: String) throws {
            let store = ["--root", workspace["root"], "--runroot", workspace["run"]]
            let command = ["buildah"] + store + ["--storage-driver", "vfs"]
            let made = try workspace.start(command + ["from", "scratch"]).wait().succeeded()
            let container = String(made.text.prefix { !$0.isNewline })
            let policy = ["--signature-policy", workspace["policy.json"]]
            let name = transport == "docker-archive" ? "localhost/made/buildah:1" : "1"
            let output = "\(transport):\(workspace["made"]):\(name)"
            for arguments in [
                ["copy", "-q", container, workspace["files"], "/"],
                ["config", "--os", "linux", "--arch", "amd64", "--cmd", "/x", container],
                ["commit", "-q"] + policy + [container, output],
            ] {
                try workspace.start(command + arguments).wait().succeeded()
            }
            try expectSame(workspace["made"], as: output, "made/buildah:1")
        }
    }
}
