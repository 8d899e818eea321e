// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import HTTP
import OCI

@testable import Doctor

extension CheckTests {
    static let faults = manifestFaults + blobFaults + partFaults + registryFaults

    private static func isManifest(_ request: Request) -> Bool {
        request.url.contains("/manifests/") && [.get, .head].contains(request.method)
    }

    private static func isBlob(_ request: Request) -> Bool { request.url.contains("/blobs/") }

    /// Whether the answer ends with the last byte of the content.
    static func asksForEnd(_ request: Request) -> Bool {
        let range = request.headers.first { $0.name == "Range" }?.value ?? "bytes=-1"
        return range == "bytes=-1" || range.hasSuffix("-")
    }

    private static func isEncodable(_ request: Request) -> Bool {
        request.headers.contains { $0.name == "Accept-Encoding" }
    }

    private static let manifestFaults = [
        Fault("octet-stream", ["manifest-type": .fail, "hazardous-tags": .fail]) {
            if isManifest($0), $1.status == 200 {
                $1.set("Content-Type", "application/octet-stream")
            }
        },
        Fault("no type", ["manifest-type": .fail, "hazardous-tags": .fail]) {
            if isManifest($0), $1.status == 200 { $1.set("Content-Type", nil) }
        },
        Fault("charset", ["type-parameters": .fail]) {
            if isManifest($0), $1.status == 200, let type = $1["Content-Type"] {
                $1.set("Content-Type", type + "; charset=utf-8")
            }
        },
        Fault("a tag as a page", ["hazardous-tags": .fail]) {
            if $0.url.hasSuffix("1.0.html") { $1.set("Content-Type", "text/html") }
        },
        Fault("no digest header", ["digest-header": .warn]) {
            $1.set("Docker-Content-Digest", nil)
        },
        Fault("wrong digest header", ["digest-header": .fail]) {
            if isManifest($0), $1["Docker-Content-Digest"] != nil {
                $1.set("Docker-Content-Digest", Digest(of: []).description)
            }
        },
        Fault("wrong digest header of a blob", ["digest-header": .fail]) {
            if isBlob($0), $1.status == 200 { $1.set("Docker-Content-Digest", "sha256:0") }
        },
        Fault("HEAD refused", ["manifest-head": .fail]) {
            if $0.method == .head, isManifest($0) { $1.status = 405 }
        },
        Fault("no length", ["manifest-length": .fail]) {
            if isManifest($0) { $1.set("Content-Length", nil) }
        },
        Fault("encoded", ["manifest-encoding": .fail]) {
            if isEncodable($0), !isBlob($0), !$0.url.hasSuffix("html") {
                $1.set("Content-Encoding", "gzip")
            }
        },
        Fault("compressed on the way", ["manifest-encoding": .warn, "blob-encoding": .warn]) {
            if isEncodable($0), $1.status == 200 {
                $1.set("Content-Encoding", "gzip")
                $1.body = [0x1F, 0x8B] + $1.body
            }
        },
        Fault("compressed for those that can't", ["manifest-encoding": .fail]) {
            if $0.url.hasSuffix("/tags/list") { $1.set("Content-Encoding", "gzip") }
        },
        Fault("compressed by an encoding that nobody offered", ["manifest-encoding": .fail]) {
            if isEncodable($0), $0.url.hasSuffix("/tags/list") {
                $1.set("Content-Encoding", "br")
                $1.body.reverse()
            }
        },
        Fault(
            "no digest URL",
            ["manifest-by-digest": .fail, "index-children": .fail, "spelling": .fail]
        ) {
            if isManifest($0), $0.url.contains("/manifests/sha256") { $1 = Answer(status: 404) }
            if $1.status == 404 {
                $1.body = Array(#"{"errors":[{"code":"A"}]}"#.utf8)
                $1.set("Content-Type", "application/json")
            }
        },
        Fault("cached tags", ["tag-caching": .warn]) {
            if $0.url.hasSuffix("/manifests/1") { $1.set("Cache-Control", "max-age=86400") }
        },
        Fault("a page instead of a manifest", ["manifest-get": .fail]) {
            if $0.url.hasSuffix("/manifests/2") { $1.body = Array("<html>".utf8) }
        },
    ]

    private static let blobFaults = [
        Fault("blob labelled as encoded", ["blob-encoding": .fail]) {
            if isBlob($0) { $1.set("Content-Encoding", "gzip") }
        },
        Fault("no ranges", ["blob-range": .fail, "blob-parts": .warn]) {
            if $1.status == 206 { $1.status = 200 }
        },
        Fault("wrong range", ["blob-range": .fail]) {
            if $1.status == 206 { $1.set("Content-Range", "bytes 0-1/2") }
        },
        Fault("no type of blobs", ["blob-type": .warn]) {
            if isBlob($0), $1.status == 200 { $1.set("Content-Type", nil) }
        },
        Fault("wrong length", ["blob-head": .fail]) {
            if isBlob($0), $0.method == .head { $1.set("Content-Length", "1") }
        },
        Fault("other bytes", ["blob-content": .fail]) {
            guard isBlob($0), asksForEnd($0), [200, 206].contains($1.status) else { return }
            $1.body[$1.body.count - 1] ^= 1
        },
    ]

    private static let registryFaults = [
        Fault("no root", ["api-root": .fail]) { if $0.url.hasSuffix("/v2/") { $1.status = 404 } },
        Fault("unsorted tags", ["tags-list": .warn]) {
            if $0.url.hasSuffix("/tags/list"), $1.status == 200 {
                $1.body = Array(#"{"name":"app","tags":["2","1"]}"#.utf8)
            }
        },
        Fault("another's tags", ["tags-list": .fail]) {
            if $0.url.hasSuffix("/tags/list"), $1.status == 200 {
                $1.body = Array(#"{"name":"other","tags":["1"]}"#.utf8)
            }
        },
        Fault("403", ["missing-status": .fail]) {
            if $1.status == 404, !$0.url.hasSuffix("sha256:0") { $1.status = 403 }
        },
        Fault("malformed digests", ["malformed-digest": .fail]) {
            if $0.url.hasSuffix("sha256:0") { $1.status = 500 }
        },
        Fault("404 as a page", ["missing-body": .warn]) {
            if $1.status == 404 { $1.set("Content-Type", "text/html") }
        },
        Fault("404 without an error", ["missing-body": .warn]) {
            if $1.status == 404 { $1.body = Array("{}".utf8) }
        },
        Fault("no referrers", ["referrers": .warn]) {
            if $0.url.contains("/referrers/") { $1.status = 404 }
        },
        Fault("referrers as a page", ["referrers": .fail]) {
            if $0.url.contains("/referrers/") { $1.set("Content-Type", "text/html") }
        },
        Fault("PUT accepted", ["writes-refused": .fail]) {
            if $0.method == .put { $1.status = 201 }
        },
        Fault("PUT not implemented", ["refusal-form": .warn]) {
            if $0.method == .put { $1.status = 501 }
        },
        Fault("a query matters", ["spelling": .fail]) {
            if $0.url.contains("?ns=") { $1.status = 404 }
        },
        Fault("elsewhere", ["redirects": .warn]) {
            if $0.url.hasPrefix("\(MadeUpRegistry.url)/v2/app/blobs/"), isBlob($0),
                $1.status == 200,
                !$0.url.hasSuffix("?elsewhere")
            {
                $1.status = 307
                let path = $0.url.dropFirst(MadeUpRegistry.url.count)
                $1.redirect = "http://127.0.0.2:7500\(path)?elsewhere"
            }
        },
    ]
}
