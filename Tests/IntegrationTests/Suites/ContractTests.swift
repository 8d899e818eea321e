// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

// What clients ask of a registry, over HTTP as it is on the wire.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .servingZoo)
    struct ContractTests {
        private let client: HTTPClient

        init() throws { client = try ServedSite.required().client }

        @Test(arguments: [Transport.http, .https])
        func rootAnswers(_ transport: Transport) throws {
            let site = try ServedSite.required()
            let client = HTTPClient(site.workspace, site.endpoint(transport))
            let answer = try client.get("/v2/")
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            #expect(answer.text == "{}")
            #expect(try client.head("/v2/").status == 200)
        }

        @Test(arguments: ["/v2/_catalog", "/v2/_catalog?n=1000"])
        func catalogIsSorted(_ path: String) throws {
            let answer = try client.get(path)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            let names = ["acme/tool", "nginx", "team/app", "zoo/hello", "zoo/merge", "zoo/multi"]
            let expected = names.map { "\"\($0)\"" }.joined(separator: ",")
            #expect(answer.text == #"{"repositories":[\#(expected)]}"#)
        }

        @Test(arguments: ["", "?n=1000", "?ns=docker.io"])
        func tagsAreSorted(_ query: String) throws {
            let answer = try client.get("/v2/zoo/hello/tags/list\(query)")
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            #expect(answer.text == #"{"name":"zoo/hello","tags":["1","2","3"]}"#)
        }

        /// One manifest of each kind, and a tag that looks like a web page.
        @Test(arguments: [
            ("zoo/hello", "1", ManifestKind.ociManifest), ("zoo/hello", "2", .dockerManifest),
            ("zoo/merge", "1", .ociIndex), ("zoo/multi", "1", .ociIndex),
            ("acme/tool", "1.0.html", .ociManifest), ("nginx", "alpine", .ociManifest),
            ("library/nginx", "alpine", .ociManifest),
        ])
        func manifestHasItsHeaders(_ name: String, _ tag: String, _ kind: ManifestKind) throws {
            let path = "/v2/\(name)/manifests/\(tag)"
            let byTag = try client.get(path)
            let byDigest = try client.get("/v2/\(name)/manifests/\(byTag.digest)")
            #expect(byDigest.body == byTag.body)
            for answer in [byTag, byDigest] {
                #expect(answer.status == 200)
                #expect(answer["content-type"] == kind.mediaType.description)
                #expect(answer["docker-content-digest"] == byTag.digest)
                #expect(answer["content-length"] == "\(byTag.body.count)")
                #expect(answer["docker-distribution-api-version"] == "registry/2.0")
            }
            for path in [path, "/v2/\(name)/manifests/\(byTag.digest)"] {
                let head = try client.head(path)
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
                for header in ["content-type", "docker-content-digest", "content-length"] {
                    #expect(head[header] == byTag[header])
                }
            }
        }

        /// Everything that tags lead to, attestations and layers too, checked by digest and type.
        @Test(arguments: [
            ("zoo/hello", "1"), ("zoo/hello", "2"), ("zoo/hello", "3"), ("zoo/merge", "1"),
            ("zoo/multi", "1"), ("team/app", "1.0"), ("library/nginx", "alpine"),
        ])
        func everythingBelowATagCanBeFetched(_ name: String, _ tag: String) throws {
            try Registry(client).fetchAll(name, tag)
        }

        /// Mirrors ask with `ns`, and some clients escape the colon.
        @Test func spellingOfTheRequestDoesNotMatter() throws {
            let plain = try client.get("/v2/zoo/hello/manifests/1")
            let escaped = plain.digest.replacing(":", with: "%3A")
            for path in [
                "/v2/zoo/hello/manifests/1?ns=docker.io", "/v2/zoo/hello/manifests/\(escaped)",
            ] {
                let answer = try client.get(path)
                #expect(answer.status == 200)
                #expect(answer.body == plain.body)
                #expect(answer["docker-content-digest"] == plain.digest)
                #expect(answer["content-type"] == plain["content-type"])
            }
            let blob = try firstLayer()
            let path = "/v2/zoo/hello/blobs/\(blob.digest.description.replacing(":", with: "%3A"))"
            #expect(try client.get(path).digest == blob.digest.description)
        }

        @Test func blobHasItsHeaders() throws {
            let blob = try firstLayer()
            let path = "/v2/zoo/hello/blobs/\(blob.digest)"
            let whole = try client.get(path)
            let head = try client.head(path)
            #expect(whole.digest == blob.digest.description)
            #expect(head.body.isEmpty)
            for answer in [whole, head] {
                #expect(answer.status == 200)
                #expect(answer["content-length"] == "\(blob.size)")
                #expect(answer["content-type"] == "application/octet-stream")
                #expect(answer["docker-content-digest"] == blob.digest.description)
            }
        }

        /// A broken download goes on where it was.
        @Test func blobCanBeReadInParts() throws {
            let blob = try firstLayer()
            let path = "/v2/zoo/hello/blobs/\(blob.digest)"
            let whole = try client.get(path)
            let rest = try client.get(path, "Range: bytes=100-")
            #expect(rest.status == 206)
            #expect(rest["content-range"] == "bytes 100-\(blob.size - 1)/\(blob.size)")
            #expect(rest.body == Array(whole.body.dropFirst(100)))
        }

        /// A client would undo an encoding before it hashes.
        @Test func nothingIsEncoded() throws {
            let index = try client.get("/v2/zoo/multi/manifests/1").digest
            let blob = try firstLayer()
            for path in [
                "/v2/zoo/multi/manifests/1", "/v2/zoo/multi/manifests/\(index)",
                "/v2/zoo/hello/blobs/\(blob.digest)", "/v2/_catalog", "/v2/zoo/hello/tags/list",
            ] {
                let answer = try client.get(path, "Accept-Encoding: zstd, gzip, deflate")
                #expect(answer.status == 200)
                #expect(answer["content-encoding"] == nil)
                #expect(answer["content-length"] == "\(answer.body.count)")
            }
        }

        private func firstLayer() throws -> Descriptor {
            let answer = try client.get("/v2/zoo/hello/manifests/1")
            let layers = try JSON(parsing: answer.body)["layers"]?.array
            return try #require(layers?.first.flatMap(Descriptor.init))
        }
    }
}
