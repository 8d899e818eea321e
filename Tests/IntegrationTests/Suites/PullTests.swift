// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// What clients pull is what the archive held: configuration and layers, to the byte.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl, .tar), .servingEncodings)
    struct PullTests {
        private let site: ServedSite

        init() throws { site = try ServedSite.required() }

        private func check(_ client: some PullClient, _ sample: Sample, _ transport: Transport)
            throws
        {
            let pulled = try client.pull(sample.reference, from: site.endpoint(transport))
            let expected = try sample.expected(site.workspace)
            #expect(!expected.diffIDs.isEmpty)
            #expect(pulled == expected)
        }

        @Test(.needs(.skopeo, .gzip, .zstd), arguments: Transport.allCases, Sample.basic)
        func skopeo(_ transport: Transport, _ sample: Sample) throws {
            try check(Skopeo(workspace: site.workspace), sample, transport)
        }

        @Test(.needs(.skopeo, .gzip, .zstd), arguments: Sample.encodings)
        func skopeoTakesEveryEncoding(_ sample: Sample) throws {
            try check(Skopeo(workspace: site.workspace), sample, .http)
        }

        @Test(.needs(.skopeo), arguments: ["zoo/multi:1", "zoo/merge:1"])
        func skopeoCopiesAWholeIndex(_ reference: String) throws {
            let skopeo = Skopeo(workspace: site.workspace)
            let source = "docker://\(site.http.host)/\(reference)"
            let folder = try skopeo.copy(source, trusting: site.http, all: true)
            let served = try site.client.get(
                "/v2/\(reference.replacing(":", with: "/manifests/"))"
            )
            #expect(try folder.read("manifest.json") == served.body)
        }

        @Test(.needs(.podman), .needsRoot, arguments: Transport.allCases, Sample.basic)
        func podman(_ transport: Transport, _ sample: Sample) throws {
            let podman = StorageClient(program: .podman, workspace: site.workspace)
            try check(podman, sample, transport)
        }

        @Test(.needs(.podman), .needsRoot, arguments: Sample.encodings)
        func podmanTakesEveryEncoding(_ sample: Sample) throws {
            let podman = StorageClient(program: .podman, workspace: site.workspace)
            try check(podman, sample, .http)
        }

        @Test(.needs(.buildah), .needsRoot, arguments: Transport.allCases, Sample.basic)
        func buildah(_ transport: Transport, _ sample: Sample) throws {
            let buildah = StorageClient(program: .buildah, workspace: site.workspace)
            try check(buildah, sample, transport)
        }

        /// One daemon for all pulls: it takes longer to start than they do.
        @Test(.needs(.containerd, .ctr), .needsMounts)
        func containerd() throws {
            let containerd = try Containerd(site.workspace)
            defer { containerd.stop() }
            for sample in Sample.basic + Sample.encodings {
                try check(containerd, sample, .http)
            }
            for sample in Sample.basic { try check(containerd, sample, .https) }
        }

        /// An engine needs more rights than a container of a CI service may have: it may be absent.
        @Test(.needs(.docker, .dockerd), .needsMounts)
        func docker() throws {
            let docker: DockerDaemon
            do { docker = try DockerDaemon(site.workspace) } catch {
                print("SKIPPED: no Docker engine to pull with: \(error)")
                try Test.cancel("no Docker engine to pull with")
            }
            defer { docker.stop() }
            for transport in Transport.allCases {
                for sample in Sample.basic { try check(docker, sample, transport) }
            }
        }

        /// Whom nobody vouches for is refused: the tests' own check of the certificate.
        @Test(.needs(.skopeo))
        func unknownAuthorityIsRefused() throws {
            let workspace = try Workspace()
            let stranger = Endpoint(host: site.https.host, authority: try PrivateCA(workspace))
            let failure = #expect(throws: CommandFailure.self) {
                try Skopeo(workspace: site.workspace).pull("zoo/hello:2", from: stranger)
            }
            #expect(failure?.description.contains("certificate") == true)
        }
    }
}
