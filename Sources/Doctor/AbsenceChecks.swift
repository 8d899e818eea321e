// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// Checks of how a registry answers requests for missing content.
extension Check {
    static let absence = [missingStatus, missingBody, malformedDigest, referrers]

    private static let missingStatus = Check(
        "missing-status",
        .absence,
        "missing content is answered with 404",
        reason: "distribution-spec, end-2 and end-3: MUST be 404 Not Found",
        breaks: [
            Breakage(.containerd, "403: retries, then reports the 403; 200: digest mismatch"),
            Breakage(.podman, "403: looking for signatures fails; 200: invalid manifest"),
            Breakage(.crane, "403: looking for referrers and signatures fails"),
            Breakage(.oras, "403: looking for referrers fails"),
        ],
        fix: Fix(
            "answer 404 for every missing file; don't send a page instead",
            nginx: "remove try_files … /index.html for /v2/",
            apache: "remove FallbackResource and rewrites for /v2/; set Options FollowSymLinks",
            caddy: "remove try_files … /index.html for /v2/*",
            objects: "allow s3:ListBucket to everyone, because otherwise a missing key gets 403"
        ),
        scope: .registry
    ) { run in
        for path in run.missingPaths {
            guard let reply = run.get(path) else { continue }
            run.expect(reply, status: 404)
        }
    }

    private static let missingBody = Check(
        "missing-body",
        .absence,
        "404 answers contain the specification's JSON error",
        reason: "distribution-spec, error codes; docker shows the error's message",
        breaks: [
            Breakage(
                .docker,
                "until 24: error parsing HTTP 404 response body: invalid character '<'; later: unknown"
            ),
            Breakage(.podman, "prints the page"), Breakage(.crane, "prints the page"),
        ],
        fix: Fix(
            #"send {"errors":[{"code":"MANIFEST_UNKNOWN","message":"…"}]} as application/json"#,
            apache: "ErrorDocument 404 with a JSON file, type application/json",
            caddy: "handle_errors with a JSON respond",
            lighttpd: "server.errorfile-prefix with a JSON file"
        ),
        scope: .registry
    ) { run in
        for path in run.missingPaths {
            guard let reply = run.get(path), reply.status == 404 else { continue }
            run.expectError(reply)
        }
    }

    private static let malformedDigest = Check(
        "malformed-digest",
        .absence,
        "a request for a malformed digest gets 404 or 400",
        reason: "distribution-spec, error codes: DIGEST_INVALID, or simply 404",
        breaks: [Breakage(.containerd, "an answer without an error status misleads every client")],
        fix: Fix("answer 404 for everything that doesn't exist"),
        scope: .registry
    ) { run in
        for kind in ["manifests", "blobs"] {
            guard let reply = run.get("\(run.someRepository)/\(kind)/sha256:0"),
                ![400, 404].contains(reply.status)
            else { continue }
            run.fail(reply, expected: "404 or 400", found: "\(reply.status)")
        }
    }

    private static let referrers = Check(
        "referrers",
        .absence,
        "the referrers list of a digest without referrers is empty",
        reason:
            "distribution-spec, end-12a: 200 and an empty index; 404 only without a referrers API",
        breaks: [
            Breakage(.containerd, "a page: failed to decode referrers index; 404: asks for a tag"),
            Breakage(.oras, "another type: asks for a tag; 404: the same"),
            Breakage(.crane, "403 and others: error; 404: asks for a tag"),
        ],
        fix: Fix(
            "answer v2/NAME/referrers/sha256:… with an empty application/vnd.oci.image.index.v1+json",
            objects: "404 is good enough, because clients then ask for the tag sha256-HEX"
        ),
        scope: .registry
    ) { run in
        guard run.knowsRepository else { return run.skip("no repository to ask about") }
        let name = "\(run.someRepository)/referrers/\(Digest.absent)"
        guard let reply = run.get(name) else { return }
        let type = ManifestKind.ociIndex.mediaType.description
        switch reply.status {
        case 200 where reply["Content-Type"] != type:
            run.fail(reply, expected: type, found: reply.shown("Content-Type"))
        case 200:
            let json = try? JSON(parsing: reply.answer.body)
            guard json?["manifests"]?.array?.isEmpty != true else { return }
            run.fail(reply, expected: #"an index with "manifests":[]"#, found: reply.beginning)
        case 404: run.warn(reply, expected: "200 and an empty index", found: "404")
        default: run.fail(reply, expected: "200, or 404", found: "\(reply.status)")
        }
    }
}

extension Digest {
    /// A digest that certainly belongs to no blob of the registry.
    static var absent: Digest {
        guard let digest = Digest(bytes: [UInt8](repeating: 0, count: 32)) else {
            preconditionFailure("32 bytes are a digest")
        }
        return digest
    }
}

extension CheckRun {
    var knowsRepository: Bool { !context.repositories.isEmpty }

    /// A repository of the sample, or one that doesn't exist.
    var someRepository: String {
        context.repositories.first?.name.description ?? "regstatic-doctor/no-such-name"
    }

    /// Paths of a tag, digest, blob and repository that don't exist.
    fileprivate var missingPaths: [String] {
        let unknown = "regstatic-doctor/no-such-name"
        let here = knowsRepository ? someRepository : unknown
        return [
            "\(here)/manifests/regstatic-doctor-no-such-tag", "\(here)/manifests/\(Digest.absent)",
            "\(here)/blobs/\(Digest.absent)", "\(unknown)/manifests/latest", "\(unknown)/tags/list",
        ]
    }

    /// Expects `{"errors":[{"code":…}]}` as `application/json`, and warns about any other answer.
    mutating func expectError(_ reply: Reply) {
        guard reply.mediaType == "application/json" else {
            return warn(reply, expected: "application/json", found: reply.shown("Content-Type"))
        }
        let json = try? JSON(parsing: reply.answer.body)
        guard json?["errors"]?.array?.first?["code"]?.string == nil else { return }
        warn(reply, expected: #"{"errors":[{"code":…}]}"#, found: reply.beginning)
    }
}
