// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// Checks that every client gets the same manifest, whatever headers it sends.
extension Check {
    static let manifestEncoding = Check(
        "manifest-encoding",
        .manifests,
        "manifests and lists come without Content-Encoding",
        reason: "most clients decode what they asked for; an encoded answer has no Content-Length",
        breaks: [
            Breakage(.apple, "needs a Content-Length"),
            Breakage(.oras, "needs a Content-Length, or else HEAD with a digest"),
            Breakage(
                .containerd,
                "unsupported Content-Encoding algorithm (any but zstd, gzip, deflate)"
            ),
        ],
        fix: encodingFix
    ) { run in
        guard let name = run.repository?.name else { return }
        let isFirst = name == run.context.repositories.first?.name
        let lists = ["\(name)/tags/list"] + (isFirst ? ["_catalog"] : [])
        for path in run.taggedManifests().map(\.path) + lists {
            guard let reply = run.get(path, .everyEncoding), reply.status == 200,
                let plain = run.get(path)
            else { continue }
            run.expectNoEncoding(reply, plain: plain)
        }
    }

    static let encodingFix = Fix(
        "switch compression off below /v2/, and don't set Content-Encoding",
        nginx: "gzip off; gzip_static off; in location /v2/",
        apache: """
            SetEnv no-gzip 1; RemoveEncoding .gz .Z .tgz; remove MIMEMagicFile, because it labels gzip blobs \
            as x-gzip
            """,
        caddy: "remove encode and precompressed for /v2/*",
        lighttpd: "remove deflate.mimetypes for $HTTP[\"url\"] =~ \"^/v2/\"",
        objects:
            "upload without Content-Encoding metadata (never gsutil -z); don't use a compressing CDN",
        proxy: """
            the proxy or CDN in front of it: switch its compression off for /v2/ (haproxy: remove `compression` \
            from the backend; nginx: gzip off)
            """
    )

    static let manifestByDigest = Check(
        "manifest-by-digest",
        .manifests,
        "a manifest is the same by tag and by digest",
        reason: "distribution-spec, end-3; clients resolve the tag and then fetch the digest",
        breaks: [
            Breakage(.docker, "fetches the digest; since 28.2 it doesn't fall back to the tag"),
            Breakage(.containerd, "fetches the digest that the tag resolved to"),
            Breakage(.crane, "fetches an index's manifests by digest"),
            Breakage(.apple, "fetches the digest"),
        ],
        fix: Fix(
            "serve v2/NAME/manifests/sha256:… with the same bytes and headers as the tag",
            objects: "also upload the keys with sha256:, with the same Content-Type"
        )
    ) { run in
        for served in run.taggedManifests() {
            let path = "\(served.repository)/manifests/\(served.digest)"
            guard let reply = run.get(path), run.expect(reply, status: 200) else { continue }
            if reply.answer.body != served.reply.answer.body {
                let found = Digest(of: reply.answer.body).description
                run.fail(reply, expected: served.digest.description, found: found)
            }
            // Skip manifests whose answer by tag has a wrong Content-Type, because the check
            // `manifest-type` already reports them.
            guard served.reply.mediaType == served.mediaType.description,
                reply["Content-Type"] != served.reply["Content-Type"]
            else { continue }
            run.fail(
                reply,
                expected: served.reply.shown("Content-Type"),
                found: reply.shown("Content-Type")
            )
        }
    }

    static let indexChildren = Check(
        "index-children",
        .manifests,
        "an index's manifests can be fetched",
        reason: "image-spec, image index: each platform is a manifest of its own",
        breaks: [
            Breakage(.docker, "can't pull on that platform"),
            Breakage(.containerd, "can't pull on that platform"),
            Breakage(.podman, "can't pull on that platform"),
        ],
        fix: .always(
            "add the missing platforms with `regstatic build ARCHIVE -o SITE`, and serve the result"
        )
    ) { run in
        for served in run.taggedManifests() {
            let children = CheckRun.children(of: [served])
            var found = 0
            for child in children where run.look(at: child, in: served) { found += 1 }
            guard !children.isEmpty, found == 0 else { continue }
            run.fail(served.reply, expected: "at least one of its manifests", found: "none")
        }
    }

    static let tagCaching = Check(
        "tag-caching",
        .manifests,
        "tags and lists aren't cached for long",
        reason: "a tag may move, and a proxy that cached it would still serve the old image",
        breaks: AffectedClient.allCases.prefix(3)
            .map { Breakage($0, "may get an old image from a proxy") },
        fix: Fix(
            "send Cache-Control: no-cache for tags, tags/list and _catalog",
            objects: "set Cache-Control: no-cache on tags and lists when uploading"
        )
    ) { run in
        for served in run.taggedManifests() {
            guard let control = served.reply["Cache-Control"]?.lowercased() else { continue }
            let isKept = control.contains("immutable") || maximumAge(control) > 300
            guard isKept, !control.contains("no-cache"), !control.contains("no-store") else {
                continue
            }
            run.warn(served.reply, expected: "no-cache", found: control)
        }
    }

    private static func maximumAge(_ control: String) -> Int {
        let directives = control.split { ", ".contains($0) }
        let age = directives.first { $0.hasPrefix("max-age=") }
        return age.flatMap { Int($0.dropFirst("max-age=".count)) } ?? 0
    }

    static let hazardousTags = Check(
        "hazardous-tags",
        .manifests,
        "tags that look like file names, or differ only in case, are served like other tags",
        reason:
            "servers guess from names, and may take 1.0.html for a page, 1.gz for encoded, V1 for v1",
        breaks: [
            Breakage(.docker, "missing signature key"),
            Breakage(.containerd, "not found"), Breakage(.podman, "unsupported schema version 2"),
        ],
        fix: Fix(
            "below /v2/, switch off guessing by file extension",
            nginx: "types {} in location /v2/",
            apache:
                "in manifests/: ForceType, RemoveEncoding, SetHandler none, Options -MultiViews",
            objects:
                "set the Content-Type of these objects by hand, because sync guesses it from the name"
        )
    ) { run in
        guard let sample = run.repository, !sample.hazards.isEmpty else {
            return run.skip("the sample has no such tags")
        }
        for tag in sample.hazards {
            let path = "\(sample.name)/manifests/\(tag)"
            guard let reply = run.get(path, .everyEncoding), let plain = run.get(path) else {
                continue
            }
            // If something compresses all answers, the check `manifest-encoding` reports it.
            let isCompressed = reply.isCompressed(from: plain)
            run.expectManifest(isCompressed ? plain : reply, of: sample.name, tag: tag)
        }
    }
}

extension Header {
    static let encodings = ["zstd", "gzip", "deflate"]
    /// The Accept-Encoding header that containerd sends; containerd decodes all these encodings.
    static let everyEncoding = Header("Accept-Encoding", encodings.joined(separator: ", "))
}

extension Reply {
    /// Whether the answer is the compressed form of `plain`, which a client got that doesn't accept encodings.
    ///
    /// Otherwise, a Content-Encoding is only a label on the bytes, and the client can't decode them.
    fileprivate func isCompressed(from plain: Reply) -> Bool {
        guard let encoding = self["Content-Encoding"]?.lowercased() else { return false }
        return Header.encodings.contains(encoding) && plain["Content-Encoding"] == nil
            && plain.answer.body != answer.body
    }
}

extension CheckRun {
    /// Expects no encoding; a client that accepts encodings can decode one, so this is only a warning.
    mutating func expectNoEncoding(_ reply: Reply, plain: Reply) {
        guard let encoding = reply["Content-Encoding"] else { return }
        let proxy = reply["Via"].map { ", Via: \($0)" } ?? ""
        let found = "Content-Encoding: \(encoding)\(proxy)"
        if reply.isCompressed(from: plain) {
            warn(reply, expected: "no Content-Encoding", found: found)
        } else {
            fail(reply, expected: "no Content-Encoding", found: found)
        }
    }

    /// Returns whether a manifest that an index lists can be fetched; otherwise records only a
    /// warning, because absent platforms are common.
    fileprivate mutating func look(at child: Descriptor, in index: ServedManifest) -> Bool {
        guard let reply = get("\(index.repository)/manifests/\(child.digest)") else { return false }
        guard reply.status == 200 else {
            let platform = child.platform.map { " (\($0))" } ?? ""
            warn(reply, expected: "200", found: "\(reply.status)\(platform)")
            return false
        }
        let found = Digest(of: reply.answer.body)
        if found != child.digest {
            fail(reply, expected: "\(child.digest)", found: "bytes of \(found)")
        }
        return true
    }

    fileprivate mutating func expectManifest(_ reply: Reply, of name: RepositoryName, tag: Tag) {
        guard expect(reply, status: 200) else { return }
        if let encoding = reply["Content-Encoding"] {
            return fail(reply, expected: "no Content-Encoding", found: encoding)
        }
        guard let served = ServedManifest(name, reference: tag.description, reply: reply) else {
            return fail(reply, expected: "a manifest", found: reply.beginning)
        }
        guard reply.mediaType != served.mediaType.description else { return }
        fail(reply, expected: served.mediaType.description, found: reply.shown("Content-Type"))
    }
}
