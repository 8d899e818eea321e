// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

// What stands between client and server may keep what never changes, and nothing else.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .servingZoo)
    struct CacheTests {
        private let site: ServedSite
        private let client: HTTPClient

        init() throws {
            site = try ServedSite.required()
            client = site.client
        }

        @Test func digestsMayBeKeptForEver() throws {
            let manifest = try client.get("/v2/zoo/hello/manifests/1")
            let config = try JSON(parsing: manifest.body)["config"]?["digest"]?.string ?? ""
            for path in ["manifests/\(manifest.digest)", "blobs/\(config)"] {
                let answer = try client.get("/v2/zoo/hello/\(path)")
                #expect(answer.status == 200)
                #expect(answer["cache-control"] == "public, max-age=31536000, immutable")
            }
        }

        private static let absent = "sha256:" + String(repeating: "0", count: 64)

        @Test(arguments: [
            "_catalog", "zoo/hello/tags/list", "zoo/hello/manifests/1",
            "zoo/hello/referrers/\(absent)",
        ])
        func whatMayChangeIsAskedForAgain(_ path: String) throws {
            let answer = try client.get("/v2/\(path)")
            #expect(answer.status == 200)
            #expect(answer["cache-control"] == "no-cache")
        }

        /// Where a copy or an image levels all times, time and size don't tell two files apart.
        @Test(arguments: ["_catalog", "zoo/hello/tags/list", "zoo/hello/manifests/1"])
        func timeAndSizeAreNoValidators(_ path: String) throws {
            let answer = try client.get("/v2/\(path)")
            #expect(answer["last-modified"] == nil)
            let again = try client.get(
                "/v2/\(path)",
                "If-None-Match: \(answer["etag"] ?? "\"none\"")",
                "If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT"
            )
            #expect(again.status == 200)
            #expect(again.body == answer.body)
        }

        @Test func validatorIsTheDigest() throws {
            let answer = try client.get("/v2/zoo/hello/manifests/1")
            #expect(answer["etag"] == "\"\(answer.digest)\"")
            let config = try JSON(parsing: answer.body)["config"]?["digest"]?.string ?? ""
            #expect(try client.head("/v2/zoo/hello/blobs/\(config)")["etag"] == "\"\(config)\"")
        }

        /// A download goes on only if the blob is still the same.
        @Test func rangeHoldsForTheDigest() throws {
            let manifest = try client.get("/v2/zoo/hello/manifests/1")
            let config = try JSON(parsing: manifest.body)["config"]?["digest"]?.string ?? ""
            let path = "/v2/zoo/hello/blobs/\(config)"
            let range = "Range: bytes=10-19"
            #expect(try client.get(path, range, "If-Range: \"\(config)\"").body.count == 10)
            #expect(try client.get(path, range, "If-Range: \"other\"").status == 200)
        }
    }
}
