// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

// What a read-only registry refuses, and what it hasn't got.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .servingZoo)
    struct RefusalTests {
        private static let absent = "sha256:" + String(repeating: "0", count: 64)
        private let client: HTTPClient

        init() throws { client = try ServedSite.required().client }

        @Test(arguments: [
            ("zoo/hello/manifests/none", "MANIFEST_UNKNOWN"),
            ("zoo/hello/manifests/\(absent)", "MANIFEST_UNKNOWN"),
            ("no/such/manifests/1", "MANIFEST_UNKNOWN"),
            ("zoo/manifests/1", "MANIFEST_UNKNOWN"),
            ("zoo/hello/blobs/\(absent)", "BLOB_UNKNOWN"),
            ("no/such/blobs/\(absent)", "BLOB_UNKNOWN"),
            ("no/such/tags/list", "NAME_UNKNOWN"),
            // Folders of the site's tree are no resources.
            ("zoo", "NAME_UNKNOWN"), ("zoo/", "NAME_UNKNOWN"), ("zoo/hello", "NAME_UNKNOWN"),
            ("zoo/hello/", "NAME_UNKNOWN"), ("zoo/hello/tags", "NAME_UNKNOWN"),
            ("zoo/hello/manifests", "NAME_UNKNOWN"), ("zoo/hello/manifests/", "NAME_UNKNOWN"),
            ("zoo/hello/blobs/", "NAME_UNKNOWN"),
        ])
        func whatIsMissingIsNotFound(_ path: String, _ code: String) throws {
            let answer = try client.get("/v2/\(path)")
            #expect(answer.status == 404)
            try expectError(answer, code)
            let head = try client.head("/v2/\(path)")
            #expect(head.status == 404)
            #expect(head.body.isEmpty)
        }

        @Test(arguments: ["PUT", "POST", "PATCH", "DELETE"])
        func writingIsRefused(_ method: String) throws {
            for path in [
                "/v2/zoo/hello/manifests/1", "/v2/zoo/hello/manifests/\(Self.absent)",
                "/v2/zoo/hello/blobs/\(Self.absent)", "/v2/zoo/hello/blobs/uploads/",
                "/v2/zoo/hello/blobs/uploads/?digest=\(Self.absent)", "/v2/",
            ] {
                let answer = try client.send(method, path)
                #expect(answer.status == 405, "\(method) \(path)")
                try expectError(answer, "UNSUPPORTED")
                #expect(answer["allow"] == "GET, HEAD")
            }
        }

        /// The store and the tool's own state stand beside the API and aren't part of it.
        @Test(arguments: [
            "/index.json", "/oci-layout", "/content-types.json", "/blobs/sha256/",
            "/.regstatic/lock", "/servers/nginx/http.conf", "/manifests/sha256/",
            "/v2/../index.json", "/v2/zoo/hello/manifests/../../../../index.json",
            "/v2/zoo/hello/manifests/..%2f..%2f..%2f..%2findex.json",
        ])
        func nothingElseIsServed(_ path: String) throws {
            #expect(try client.get(path).status == 404)
        }

        @Test func storeIsNotServed() throws {
            let manifest = try client.get("/v2/zoo/hello/manifests/1")
            let hex = manifest.digest.dropFirst("sha256:".count)
            #expect(try client.get("/blobs/sha256/\(hex)").status == 404)
            #expect(try client.get("/manifests/sha256/\(hex).oci-manifest").status == 404)
        }

        // <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes>
        private func expectError(_ answer: Response, _ code: String) throws {
            #expect(answer["content-type"] == "application/json")
            #expect(answer["content-length"] == "\(answer.body.count)")
            let errors = try JSON(parsing: answer.body)["errors"]?.array
            #expect(errors?.count == 1)
            #expect(errors?.first?["code"]?.string == code)
            #expect(errors?.first?["message"]?.string?.isEmpty == false)
        }
    }
}
