// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// containerd pulls by the kit from every server, as a kubelet and crictl ask it.
extension Integration {
    @Suite(
        .serialized,
        .needsEveryServer(and: .curl, .openssl, .tar, .containerd, .ctr),
        .needsMounts
    )
    struct CRITests {
        private static let archive = Fixture.docker20Many

        /// One engine for all: it reads the kit's files at each pull.
        @Test(arguments: ([.machine] + Debian.trees).filter { $0.has(.containerd) })
        func namesOfPods(_ debian: Debian) throws {
            let daemon = try Workspace()
            let containerd = try Containerd(daemon, in: debian, isForKubernetes: true)
            defer { containerd.stop() }
            for kind in SiteServer.Kind.allCases {
                let workspace = try Workspace()
                try workspace.build([Self.archive])
                let authority = try PrivateCA(workspace)
                let site = workspace["site"]
                let server = try SiteServer(kind, workspace, site: site, authority: authority)
                defer { server.stop() }
                let kit = ["--host", server.endpoint.host, "--ca", authority.certificate]
                try workspace.start([Workspace.regstatic, "clients", "-q", site] + kit)
                    .wait().succeeded()
                try daemon.run("rm", "-rf", containerd.hosts).succeeded()
                let hosts = workspace["site/clients/containerd/certs.d"]
                try daemon.run("cp", "-r", hosts, containerd.hosts).succeeded()
                try check(containerd, workspace, "\(kind), \(debian.name)")
            }
        }

        private func check(_ containerd: Containerd, _ workspace: Workspace, _ kind: Comment) throws
        {
            let nginx = try content("nginx:alpine", workspace)
            let hello = try content("zoo/hello:2", workspace)
            let tool = try content("ghcr.io/acme/tool:1.0.html", workspace)
            #expect(try containerd.pull(configured: "nginx:alpine") == nginx, kind)
            #expect(try containerd.pull(configured: "zoo/hello:2") == hello, kind)
            let manifest = try workspace.folder.read("site/v2/acme/tool/manifests/1.0.html")
            let byDigest = "ghcr.io/acme/tool@\(Digest(of: manifest))"
            #expect(try containerd.pull(configured: byDigest) == tool, kind)
            for absent in ["absent", "zoo/absent:1", "ghcr.io/acme/tool:2"] {
                let failure = #expect(throws: CommandFailure.self, kind) {
                    _ = try containerd.pull(configured: absent)
                }
                // Whoever asked another registry would name its host.
                #expect(failure?.description.contains("not found") == true, "\(kind): \(absent)")
                #expect(failure?.description.contains("lookup") == false, "\(kind): \(absent)")
            }
            #expect(try containerd.pullAgain("ghcr.io/acme/tool:1.0.html") == tool, kind)
            let move = ["zoo/hello:3", "acme/tool:1.0.html"]
            try workspace.start([Workspace.regstatic, "tag", "-q", workspace["site"]] + move)
                .wait().succeeded()
            let newer = try content("zoo/hello:3", workspace)
            #expect(try containerd.pullAgain("ghcr.io/acme/tool:1.0.html") == newer, kind)
        }

        private func content(_ name: String, _ workspace: Workspace) throws -> ImageContent {
            try ImageContent(archive: Self.archive, name: name, workspace)
        }
    }
}
