// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// Checks of the blobs that manifests list: configs and layers.
extension Check {
    static let blobs = [
        blobGet, blobHead, blobEncoding, blobRange, blobParts, blobType, blobContent,
    ]

    private static let blobGet = Check(
        "blob-get",
        .blobs,
        "every blob of the sample can be fetched",
        reason: "distribution-spec, end-2",
        breaks: AffectedClient.allCases.map { Breakage($0, "can't pull the image") },
        fix: Fix(
            "serve v2/NAME/blobs/sha256:…; `regstatic verify SITE` finds missing blobs",
            apache: "set Options FollowSymLinks for the site, because its blobs are links",
            objects:
                "follow the site's links in the upload, because each key must be an object of its own"
        )
    ) { run in
        for blob in run.blobs() {
            guard let reply = run.begin(blob) else { continue }
            run.expect(reply, status: 200)
        }
    }

    private static let blobHead = Check(
        "blob-head",
        .blobs,
        "HEAD of a blob gives the size that the manifest gives",
        reason: "distribution-spec, end-2; crane, oras and regctl compare it with the descriptor",
        breaks: [
            Breakage(.crane, "refuses a size other than the manifest's"),
            Breakage(.regctl, "refuses a size other than the manifest's"),
            Breakage(.apple, "needs a Content-Length"),
            Breakage(.lazy, "nydusd needs HEAD 200 with a length"),
        ],
        fix: Fix(
            "serve blobs as files, also for HEAD; if sizes differ, copy the site again and run "
                + "`regstatic verify SITE`"
        )
    ) { run in
        for blob in run.blobs() {
            guard let reply = run.head(blob.path), run.expect(reply, status: 200) else {
                continue
            }
            let size = "\(blob.descriptor.size)"
            guard reply["Content-Length"] != size else { continue }
            run.fail(reply, expected: size, found: reply.shown("Content-Length"))
        }
    }

    private static let blobEncoding = Check(
        "blob-encoding",
        .blobs,
        "blobs come without Content-Encoding",
        reason: """
            a layer is a gzip file; a client that decodes it like an encoding hashes other bytes, and a \
            compressed answer has no ranges
            """,
        breaks: [
            Breakage(
                .docker,
                "if the bytes are only labelled: filesystem layer verification failed for digest sha256:…"
            ),
            Breakage(
                .containerd,
                "if the bytes are only labelled: unexpected commit digest"
            ),
            Breakage(.podman, "if the bytes are only labelled: hashes something else"),
            Breakage(.crane, "if the bytes are only labelled: hashes something else"),
            Breakage(.oras, "if the bytes are only labelled: hashes something else"),
            Breakage(.lazy, "can't read parts of a compressed answer"),
        ],
        fix: encodingFix
    ) { run in
        for blob in run.blobs() {
            guard let reply = run.begin(blob, .everyEncoding), reply.status == 200,
                let plain = run.begin(blob)
            else { continue }
            run.expectNoEncoding(reply, plain: plain)
        }
    }

    private static let blobRange = Check(
        "blob-range",
        .blobs,
        "parts of a blob can be fetched",
        reason: "distribution-spec, end-2: SHOULD support RFC 9110 ranges",
        breaks: [
            Breakage(.lazy, "nydus can't read at all; stargz is slow"),
            Breakage(.podman, "can't resume a broken download; no partial pulls"),
            Breakage(.docker, "a broken download begins anew: expected HTTP 206"),
            Breakage(.regctl, "range request not supported by server"),
        ],
        fix: Fix(
            "answer Range with 206 and Content-Range",
            nginx: "remove `max_ranges 0`; serve blobs as files, not through a filter",
            apache: "remove `MaxRanges none` and filters for blobs"
        )
    ) { run in
        for blob in run.blobs() where blob.descriptor.size > 1 {
            let size = blob.descriptor.size
            run.expectPart(of: blob, "bytes=1-", "bytes 1-\(size - 1)/\(size)")
            run.expectPart(of: blob, "bytes=-1", "bytes \(size - 1)-\(size - 1)/\(size)")
        }
    }

    private static let blobType = Check(
        "blob-type",
        .blobs,
        "blobs have a Content-Type",
        reason: "containers/image and stargz parse it when they fetch a part",
        breaks: [Breakage(.podman, "partial pulls fail"), Breakage(.lazy, "stargz: parts fail")],
        fix: Fix(
            "send Content-Type: application/octet-stream for blobs",
            caddy: "header /v2/NAME/blobs/* Content-Type application/octet-stream"
        )
    ) { run in
        for blob in run.blobs() {
            guard let reply = run.begin(blob), reply.status == 200, reply["Content-Type"] == nil
            else { continue }
            run.warn(reply, expected: "application/octet-stream", found: "no Content-Type")
        }
    }

    private static let blobContent = Check(
        "blob-content",
        .blobs,
        "blobs hash to their digests (layers only with --deep)",
        reason: "image-spec, descriptors; every client verifies it",
        breaks: AffectedClient.allCases.map { Breakage($0, "refuses the image: digest mismatch") },
        fix: .always(
            "run `regstatic verify SITE` on the server; copy or build damaged blobs again; clear "
                + "caches between server and clients"
        )
    ) { run in
        for blob in run.blobs() where blob.isConfig || run.context.isDeep {
            run.expectContent(of: blob)
        }
    }
}

extension CheckRun {
    /// The number of bytes that a check reads from the start of a blob.
    private static let beginning = 64 << 10

    /// Requests a blob, and reads only its beginning.
    fileprivate mutating func begin(_ blob: ServedBlob, _ headers: Header...) -> Reply? {
        ask(.get, address.path(blob.path), headers: headers, keeping: Self.beginning)
    }

    fileprivate mutating func expectPart(of blob: ServedBlob, _ range: String, _ expected: String) {
        guard let whole = begin(blob), whole.status == 200,
            let part = begin(blob, Header("Range", range))
        else { return }
        guard expect(part, status: 206) else { return }
        guard part["Content-Range"] == expected else {
            return fail(part, expected: expected, found: part.shown("Content-Range"))
        }
        guard range.hasSuffix("-") else { return }
        let rest = whole.answer.body.dropFirst()
        guard !zip(rest, part.answer.body).allSatisfy(==) else { return }
        fail(part, expected: "the bytes from the second byte on", found: "other bytes")
    }

    fileprivate mutating func expectContent(of blob: ServedBlob) {
        let path = address.path(blob.path)
        do {
            let (reply, digest, size) = try client.hash(path)
            note(reply.question)
            guard reply.status == 200, digest != blob.descriptor.digest else { return }
            let found = size == blob.descriptor.size ? "\(digest)" : "\(size) bytes, \(digest)"
            let expected = "\(blob.descriptor.size) bytes, \(blob.descriptor.digest)"
            fail(
                reply,
                expected: size == blob.descriptor.size ? "\(blob.descriptor.digest)" : expected,
                found: found
            )
        } catch { fail("GET \(path)", expected: "all its bytes", found: error.reason) }
    }
}
