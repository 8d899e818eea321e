// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// What the matrix of clients and servers doesn't ask of a client.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl, .skopeo), .servingZoo)
    struct PullTests {
        private let site: ServedSite

        init() throws { site = try ServedSite.required() }

        @Test(arguments: ["zoo/multi:1", "zoo/merge:1"])
        func skopeoCopiesAWholeIndex(_ reference: String) throws {
            let skopeo = Skopeo(workspace: site.workspace)
            let source = "docker://\(site.http.host)/\(reference)"
            let folder = try skopeo.copy(source, trusting: site.http, all: true)
            let served = try site.client.get(
                "/v2/\(reference.replacing(":", with: "/manifests/"))"
            )
            #expect(try folder.read("manifest.json") == served.body)
        }

        /// Whom nobody vouches for is refused: the tests' own check of the certificate.
        @Test
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
