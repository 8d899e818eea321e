// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// Checks of the manifests that tags point to.
extension Check {
    static let manifests = [
        manifestGet, manifestType, typeParameters, manifestHead, manifestLength, digestHeader,
        manifestEncoding, manifestByDigest, indexChildren, tagCaching, hazardousTags,
    ]

    private static let manifestGet = Check(
        "manifest-get",
        .manifests,
        "every tag leads to a manifest",
        reason: "distribution-spec, end-3",
        breaks: AffectedClient.allCases.map { Breakage($0, "can't pull the tag") },
        fix: Fix(
            "serve the files below v2/; `regstatic verify SITE` checks these files",
            objects:
                "follow the site's links in the upload, because each key must be an object of its own"
        )
    ) { run in
        guard let sample = run.repository else { return }
        for tag in sample.tags {
            guard let reply = run.get("\(sample.name)/manifests/\(tag)"),
                run.expect(reply, status: 200),
                ServedManifest(sample.name, reference: tag.description, reply: reply) == nil
            else { continue }
            run.fail(reply, expected: "a manifest", found: reply.beginning)
        }
    }

    private static let manifestType = Check(
        "manifest-type",
        .manifests,
        "a manifest's Content-Type is its media type",
        reason:
            "distribution-spec, pulling manifests; clients read the type from the header, not the body",
        breaks: [
            Breakage(.docker, "missing signature key; unsupported manifest media type"),
            Breakage(
                .containerd,
                "could not fetch content descriptor sha256:… (application/octet-stream) from remote"
            ),
            Breakage(.podman, "unsupported schema version 2"),
            Breakage(.crane, "fails for an index; warns for an image"),
            Breakage(.oras, "sha256:…: not found; invalid response Content-Type"),
            Breakage(.regctl, "unsupported media type"),
            Breakage(.apple, "takes the type literally, and the manifest for a blob"),
        ],
        fix: Fix(
            "send the type that SITE/content-types.json gives for the path",
            objects: """
                set each object's Content-Type from SITE/content-types.json (aws s3 cp \
                --content-type TYPE), because sync guesses the type from the name
                """
        )
    ) { run in
        for served in run.allManifests()
        where served.reply.mediaType != served.mediaType.description {
            run.fail(
                served.reply,
                expected: served.mediaType.description,
                found: served.reply.shown("Content-Type")
            )
        }
    }

    private static let typeParameters = Check(
        "type-parameters",
        .manifests,
        "a manifest's Content-Type has no charset",
        reason: "some clients compare the whole text",
        breaks: [
            Breakage(.crane, "an index fails; images work"),
            Breakage(.apple, "takes the type literally, and the manifest for a blob"),
            Breakage(.oras, "referrers fail"),
        ],
        fix: Fix(
            "send the media type without parameters",
            nginx: "charset off; in location /v2/",
            apache: "AddDefaultCharset Off, and no AddCharset for the files below v2/"
        )
    ) { run in
        for served in run.allManifests() {
            guard let type = served.reply["Content-Type"], type.contains(";"),
                served.reply.mediaType == served.mediaType.description
            else { continue }
            run.fail(served.reply, expected: served.mediaType.description, found: type)
        }
    }

    private static let manifestHead = Check(
        "manifest-head",
        .manifests,
        "HEAD of a manifest answers like GET",
        reason: "distribution-spec, end-3; docker and containerd ask with HEAD first",
        breaks: [
            Breakage(.apple, "asks for tags with HEAD only"), Breakage(.oras, "oras resolve fails"),
            Breakage(.docker, "falls back to GET"),
            Breakage(.containerd, "falls back to GET after 405 only"),
        ],
        fix: Fix("allow HEAD wherever GET is allowed", nginx: "no limit_except GET")
    ) { run in
        for served in run.allManifests() {
            guard let head = run.head(served.path), run.expect(head, status: 200) else {
                continue
            }
            guard head["Content-Type"] != served.reply["Content-Type"] else { continue }
            run.fail(
                head,
                expected: served.reply.shown("Content-Type"),
                found: head.shown("Content-Type")
            )
        }
    }

    private static let manifestLength = Check(
        "manifest-length",
        .manifests,
        "Content-Length is the manifest's size",
        reason: "distribution-spec: MUST on HEAD from 1.2 on; docker, oras, crane, Apple read it",
        breaks: [
            Breakage(.docker, "fails if a HEAD answer has a digest but no length"),
            Breakage(.oras, "fails if a HEAD answer lacks it"),
            Breakage(.crane, "crane digest fails if a HEAD answer lacks it"),
            Breakage(.apple, "fails if a HEAD answer lacks it"),
        ],
        fix: Fix("send manifests as files: not chunked, compressed or through a filter")
    ) { run in
        for served in run.allManifests() {
            let size = "\(served.reply.answer.body.count)"
            let head = run.head(served.path)
            for reply in [head].compactMap({ $0 }).filter({ $0.status == 200 }) + [served.reply]
            where reply["Content-Length"] != size {
                run.fail(reply, expected: size, found: reply.shown("Content-Length"))
            }
        }
    }

    private static let digestHeader = Check(
        "digest-header",
        .manifests,
        "Docker-Content-Digest is the content's digest",
        reason:
            "distribution-spec: SHOULD, from 1.2 on MUST; clients that read it need the right digest",
        breaks: [
            Breakage(.apple, "missing required header Docker-Content-Digest"),
            Breakage(
                .oras,
                "oras resolve: HTTP HEAD request missing required header \"Docker-Content-Digest\""
            ),
            Breakage(.docker, "if missing, sends a GET; if wrong, fails"),
            Breakage(.containerd, "if missing, sends a GET; if wrong, fails"),
        ],
        fix: Fix(
            "send Docker-Content-Digest from SITE/content-types.json",
            objects:
                "a bucket can't send it; add the header in a function of a CDN in front of the bucket"
        )
    ) { run in
        for served in run.allManifests() {
            let head = run.head(served.path)
            for reply in [served.reply, head].compactMap({ $0 }) where reply.status == 200 {
                run.check(digest: served.digest, in: reply, isExpected: true)
            }
        }
        for blob in run.blobs() {
            guard let head = run.head(blob.path), head.status == 200 else { continue }
            run.check(digest: blob.descriptor.digest, in: head, isExpected: false)
        }
    }
}

extension Reply {
    /// The Content-Type without charset and other parameters; nil if there is none.
    var mediaType: String? {
        answer["Content-Type"]
            .map { type in
                type.prefix { $0 != ";" }.split(separator: " ").joined(separator: " ")
            }
    }
}

extension CheckRun {
    /// Fails if the header is wrong, but only warns if an expected header is missing.
    fileprivate mutating func check(digest: Digest, in reply: Reply, isExpected: Bool) {
        let found = reply["Docker-Content-Digest"]
        if let found, found != digest.description {
            fail(reply, expected: digest.description, found: found)
        } else if found == nil, isExpected {
            warn(reply, expected: digest.description, found: "no Docker-Content-Digest")
        }
    }
}
