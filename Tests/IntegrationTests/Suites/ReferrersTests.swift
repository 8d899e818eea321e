// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

// <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers>
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .servingZoo)
    struct ReferrersTests {
        private static let indexType = "application/vnd.oci.image.index.v1+json"
        private let client: HTTPClient

        init() throws { client = try ServedSite.required().client }

        @Test func referrersAreListed() throws {
            let subject = try client.get("/v2/zoo/hello/manifests/2").digest
            let answer = try client.get("/v2/zoo/hello/referrers/\(subject)")
            #expect(answer.status == 200)
            #expect(answer["content-type"] == Self.indexType)
            let list = try JSON(parsing: answer.body)
            #expect(list["mediaType"]?.string == Self.indexType)
            let referrers = try #require(list["manifests"]?.array).compactMap(Descriptor.init)
            #expect(referrers.count == 2)
            for referrer in referrers {
                #expect(referrer.artifactType == "application/spdx+json")
                let manifest = try client.get("/v2/zoo/hello/manifests/\(referrer.digest)")
                #expect(manifest.digest == referrer.digest.description)
                #expect(manifest.body.count == referrer.size)
                let named = try JSON(parsing: manifest.body)["subject"]?["digest"]?.string
                #expect(named == subject)
            }
        }

        @Test(arguments: ["zoo/hello", "no/such"])
        func unknownDigestHasAnEmptyList(_ name: String) throws {
            let digest = "sha256:" + String(repeating: "0", count: 64)
            let path = "/v2/\(name)/referrers/\(digest)"
            let answer = try client.get(path)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == Self.indexType)
            let list = try JSON(parsing: answer.body)
            #expect(list["schemaVersion"]?.integer == 2)
            #expect(list["mediaType"]?.string == Self.indexType)
            #expect(list["manifests"]?.array?.isEmpty == true)
            #expect(try client.head(path).status == 200)
        }

        /// A filter that the server doesn't apply may not be claimed.
        @Test func filterIsIgnored() throws {
            let subject = try client.get("/v2/zoo/hello/manifests/2").digest
            let path = "/v2/zoo/hello/referrers/\(subject)"
            let all = try client.get(path)
            let filtered = try client.get("\(path)?artifactType=application/none")
            #expect(filtered.body == all.body)
            #expect(filtered["oci-filters-applied"] == nil)
        }
    }
}
