// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// A kubelet runs pods from every server, on a node that only the kit's `install.sh` has set up for it.
extension Integration {
    @Suite(
        .serialized,
        .needsEveryServer(and: .curl, .openssl, .containerd, .ctr, .runc, .busybox),
        .needsRoot,
        .needsMounts,
        .needsKubelet
    )
    struct KubeletTests {
        /// A site and its server, and a node.
        private struct Cluster {
            let workspace: Workspace
            let images: NodeImages
            let server: SiteServer
            let node: KubeletNode

            init(_ stand: Stand) throws {
                workspace = try Workspace()
                images = try NodeImages(workspace)
                let archives = [
                    try images.write(pause.repository, pause.tag),
                    try images.write("nginx", "alpine"),
                    try images.write("registry.corp:5000/team/app", "1.0"),
                    try images.write("quay.io/acme/web", "2"),
                ]
                try workspace.build(archives, "--layout", stand.layout.rawValue)
                let authority = stand.transport == .https ? try PrivateCA(workspace) : nil
                let site = workspace["site"]
                server = try SiteServer(stand.server, workspace, site: site, authority: authority)
                let trust = authority.map { ["--ca", $0.certificate] } ?? ["--http"]
                let kit = ["clients", "-q", site, "--host", server.endpoint.host] + trust
                do {
                    try workspace.start([Workspace.regstatic] + kit).wait().succeeded()
                    node = try KubeletNode(workspace, kit: workspace["site/clients"])
                } catch {
                    server.stop()
                    throw error
                }
            }

            func stop() {
                node.stop()
                server.stop()
            }

            /// The digest that a tag has now.
            func digest(_ repository: String, _ tag: String) throws -> Digest {
                let answer = try HTTPClient(workspace, server.endpoint)
                    .get("/v2/\(repository)/manifests/\(tag)")
                return Digest(of: answer.body)
            }

            func runs(_ pod: String, _ digest: Digest) throws {
                try node.wait(for: pod) { $0.image == digest }
            }

            func isAbsent(_ pod: String) throws {
                var message = ""
                try node.wait(for: pod) {
                    if $0.reason == "ErrImagePull" { message = $0.message }
                    return $0.reason == "ImagePullBackOff"
                }
                guard message.isEmpty || message.contains("not found") else {
                    throw Missing(description: message)
                }
            }

            /// Only the site was asked, for all pods and the pause image.
            func onlyTheSiteWasAsked() throws {
                let asked = try node.hostsAsked()
                guard asked == [server.endpoint.host] else {
                    throw Missing(description: "asked: \(asked.sorted())")
                }
            }
        }

        /// The pause image that this machine's containerd wants.
        private static let pause: (repository: String, tag: String) = {
            let ask = "containerd config default | sed -n 's/.*sandbox_image = \"\\(.*\\)\"/\\1/p'"
            let name = (try? Workspace().run("sh", "-c", ask).lastLine) ?? ""
            let parts = name.split(separator: ":").map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : ("registry.k8s.io/pause", "3.6")
        }()

        private static let stands =
            SiteServer.Kind.allCases.map { Stand(server: $0, layout: .plain, transport: .https) }
            + [
                Stand(server: .nginx, layout: .portable, transport: .https),
                Stand(server: .nginx, layout: .plain, transport: .http),
            ]

        @Test func podsRun() throws {
            var results: [KubeletTable.Result] = []
            for stand in Self.stands {
                let cluster = try Cluster(stand)
                defer { cluster.stop() }
                results += try Self.checks(cluster)
                    .map { check in
                        do {
                            try check.body()
                            return .init(stand: stand, check: check.name, isRight: true)
                        } catch {
                            Issue.record("\(stand): \(check.name): \(error)")
                            return .init(stand: stand, check: check.name, isRight: false)
                        }
                    }
            }
            try Self.report(results)
        }

        private typealias Check = (name: String, body: () throws -> Void)

        /// Starts the pods; each check waits for one of them.
        private static func checks(_ cluster: Cluster) throws -> [Check] {
            let node = cluster.node
            let own = cluster.server.endpoint.host
            let web = try cluster.digest("acme/web", "2")
            let hub = try cluster.digest("library/nginx", "alpine")
            let corp = try cluster.digest("team/app", "1.0")
            try node.run("short", image: "nginx:alpine", policy: .ifNotPresent)
            let app = "registry.corp:5000/team/app:1.0"
            try node.run("corp", image: app, policy: .ifNotPresent)
            try node.run("digest", image: "quay.io/acme/web@\(web)", policy: .ifNotPresent)
            try node.run("own", image: "\(own)/acme/web:2", policy: .ifNotPresent)
            try node.run("always", image: "quay.io/acme/web:2", policy: .always)
            try node.run("absent", image: "quay.io/acme/absent:1", policy: .ifNotPresent)
            try node.run("absent-hub", image: "absent", policy: .always)
            return [
                ("a short name, `nginx:alpine`", { try cluster.runs("short", hub) }),
                ("a name of another registry, `\(app)`", { try cluster.runs("corp", corp) }),
                (
                    "the same by its digest, `quay.io/…@sha256:…`",
                    { try cluster.runs("digest", web) }
                ),
                ("a name of the site", { try cluster.runs("own", web) }),
                ("`imagePullPolicy: Always`", { try cluster.runs("always", web) }),
                ("the same after the tag has moved", { try moveTag(cluster, from: web) }),
                ("an absent image: `ImagePullBackOff`", { try cluster.isAbsent("absent") }),
                ("an absent image of Docker Hub", { try cluster.isAbsent("absent-hub") }),
                ("no other registry was asked", cluster.onlyTheSiteWasAsked),
            ]
        }

        private static func moveTag(_ cluster: Cluster, from old: Digest) throws {
            let newer = try cluster.images.write("quay.io/acme/web", "2", version: 2)
            try cluster.workspace.build([newer], "--replace")
            let new = try cluster.digest("acme/web", "2")
            #expect(new != old)
            try cluster.node.run("moved", image: "quay.io/acme/web:2", policy: .always)
            try cluster.runs("moved", new)
        }

        /// Writes the table where the environment says.
        private static func report(_ results: [KubeletTable.Result]) throws {
            let workspace = try Workspace()
            let table = KubeletTable(
                results: results,
                kubelet: try workspace.version([KubeletNode.program ?? ""]),
                containerd: try workspace.version(["containerd"]),
                pause: "\(pause.repository):\(pause.tag)"
            )
            let variable = ProcessInfo.processInfo.environment["REGSTATIC_PODS"]
            guard let path = variable else { return print(table.markdown) }
            try table.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
}
