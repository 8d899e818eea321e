// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// `regstatic publish` to a server of the S3 protocol, and what clients pull from there.
extension Integration.WithMoto {
    @Suite(.serialized, .needs(.python))
    struct PublishTests {
        private let workspace: Workspace
        private let publishing: Publishing

        init() throws {
            workspace = try Workspace()
            publishing = Publishing(workspace, try MotoServer.required())
        }

        // MARK: What arrives

        @Test func everyURLIsThereWithItsType() throws {
            try publishing.buildZoo(referrers: true)
            try publishing.publish()
            try publishing.serving { endpoint in
                let root = try HTTPClient(workspace, endpoint).get("/v2/")
                #expect(root.status == 200)
                #expect(root["content-type"] == "application/json")
                #expect(root.text == "{}")
                let checker =
                    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
                    + "/Contract/check.py"
                let arguments = ["python3", checker, endpoint.url, "--site", workspace["site"]]
                let limits = ["--failures", "--bucket", "--no-paging"]
                let outcome = try workspace.start(arguments + limits).wait(120)
                #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
            }
        }

        /// A bucket can't answer with an empty list: clients that met a 404 ask for a tag.
        @Test func referrersHaveATag() throws {
            try publishing.buildZoo(referrers: true)
            try publishing.publish()
            try publishing.serving { endpoint in
                let client = HTTPClient(workspace, endpoint)
                let subject = try client.get("/v2/zoo/hello/manifests/2").digest
                let list = try client.get("/v2/zoo/hello/referrers/\(subject)")
                let tag = subject.replacing(":", with: "-")
                let tagged = try client.get("/v2/zoo/hello/manifests/\(tag)")
                #expect(tagged.status == 200)
                #expect(tagged["content-type"] == "application/vnd.oci.image.index.v1+json")
                #expect(tagged.body == list.body)
                let other = try client.get("/v2/zoo/hello/manifests/1").digest
                #expect(try client.get("/v2/zoo/hello/referrers/\(other)").status == 404)
            }
        }

        @Test func layoutsGiveTheSameObjects() throws {
            let listings = try ["plain", "portable"]
                .map { layout in
                    let bucket = "\(publishing.bucket)-\(layout)"
                    let many = [Fixture.docker20Many]
                    try workspace.build(many, "--layout", layout, into: layout)
                    try publishing.publish(site: layout, bucket: bucket)
                    return try publishing.listing(bucket: bucket)
                }
            #expect(listings[0] == listings[1])
            #expect(listings[0].contains("v2/zoo/hello/manifests/1"))
        }

        @Test(.needs(.skopeo, .podman, .containerd, .ctr, .tar), .needsRoot, .needsMounts)
        func clientsPull() throws {
            let containerd = try Containerd(workspace)
            defer { containerd.stop() }
            try check([
                Skopeo(workspace: workspace),
                StorageClient(program: .podman, workspace: workspace), containerd,
            ])
        }

        /// An engine needs more rights than a container of a CI service may have: it may be absent.
        @Test(.needs(.docker, .dockerd, .tar), .needsMounts)
        func dockerPulls() throws {
            let docker: DockerDaemon
            do { docker = try DockerDaemon(workspace) } catch {
                print("SKIPPED: no Docker engine to pull with: \(error)")
                try Test.cancel("no Docker engine to pull with")
            }
            defer { docker.stop() }
            try check([docker])
        }

        private func check(_ clients: [any PullClient]) throws {
            try publishing.buildZoo()
            try publishing.publish()
            try publishing.serving { endpoint in
                for sample in [Sample.gzip, .index, .joined] {
                    let expected = try sample.expected(workspace)
                    for client in clients {
                        let pulled = try client.pull(sample.reference, from: endpoint)
                        #expect(pulled == expected, "\(sample.reference)")
                    }
                }
            }
        }

        // MARK: What is sent

        @Test func nothingIsSentTwice() throws {
            try publishing.buildZoo(referrers: true)
            let planned = try publishing.publish("--dry-run")
            #expect(try publishing.listing().isEmpty)
            let first = try publishing.publish()
            #expect(first.sent > 50)
            #expect(first.sent == planned.sent)
            let second = try publishing.publish()
            #expect(second.sent == 0)
            #expect(second.present == first.sent)
            #expect(try publishing.publish("--resend").sent == first.sent)
        }

        /// The type goes with the bytes, and nothing else is sent with them.
        @Test func aMovedTagIsSentWithItsNewType() throws {
            let input = Fixture.docker20One
            try workspace.build([input], "--format", "docker")
            try publishing.publish()
            try workspace.build([input])
            let again = try publishing.publish()
            // The manifest by its digest and by its tag; the front page and the repository's.
            #expect(again.sent == 4)
            try publishing.serving { endpoint in
                let client = HTTPClient(workspace, endpoint)
                let tag = try client.get("/v2/zoo/hello/manifests/1")
                #expect(tag["content-type"] == ManifestKind.ociManifest.mediaType.description)
                #expect(tag["cache-control"] == "no-cache")
            }
        }

        @Test func whatRepositoriesShareIsSentOnce() throws {
            let large = try LargeArchive.write(workspace, layers: 2)
            try workspace.build([large])
            let alone = try publishing.publish("--dry-run")
            try workspace.build([large], "--prefix", "other")
            let both = try publishing.publish()
            #expect(both.copied == 2)
            #expect(both.sentBytes < alone.sentBytes + 100_000)
            try publishing.serving { endpoint in
                let registry = Registry(HTTPClient(workspace, endpoint), namesTags: false)
                for name in ["big/app", "other/big/app"] { try registry.fetchAll(name, "1") }
            }
        }

        // MARK: Remotes of files

        /// By SFTP: a portable site arrives, also of a plain one; a tag's old file goes.
        @Test func aRemoteOfFilesGetsAPortableSite() throws {
            let environment = publishing.moto.environment
            let port = try NginxServer.freePort()
            try workspace.folder.makeFolder("remote")
            let address = "127.0.0.1:\(port)"
            let server = try Job(
                ["rclone", "serve", "sftp", workspace["remote"], "--addr", address]
                    + ["--user", "x", "--pass", "secret"],
                environment: environment
            )
            defer { server.stop() }
            try HTTPClient.waitForPort(address, workspace)
            let password =
                try workspace.run("rclone", "obscure", "secret").succeeded().text
                .split(separator: "\n")[0]
            let remote = ":sftp,host=127.0.0.1,port=\(port),user=x,pass=\(password):"
            @discardableResult
            func publish() throws -> Publishing.Figures {
                let command = [Workspace.regstatic, "publish", workspace["site"], remote, "--json"]
                return try .init(Job(command, environment: environment).wait(120).succeeded())
            }
            let many = [Fixture.docker20Many]
            try workspace.build(many, "--format", "docker")
            try publish()
            try workspace.build(many)
            let again = try publish()
            #expect(again.sent > 0)
            #expect(again.removed > 0)
            #expect(try publish().sent == 0)
            try workspace.regstatic("verify", workspace["remote"]).succeeded()
            try workspace.build(many, "--format", "docker", "--layout", "portable", into: "built")
            try workspace.build(many, into: "built")
            #expect(try Self.files(workspace, "built") == Self.files(workspace, "remote"))
        }

        /// What is to be served, without times and modes.
        private static func files(_ workspace: Workspace, _ name: String) throws -> [String:
            [UInt8]]
        {
            try workspace.folder.snapshot(name)
                .compactMapValues { entry in
                    if case .file(let bytes, _) = entry { bytes } else { nil }
                }
                .filter { !$0.key.hasPrefix(".regstatic") }
        }
    }
}
