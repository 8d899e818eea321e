// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// Checks of the registry as a whole, and of the lists of repositories.
extension Check {
    static let registry = [root, catalogue, tagsList, spelling, redirects, pauseImage]

    private static let root = Check(
        "api-root",
        .registry,
        "GET /v2/ answers 200",
        reason: "distribution-spec, end-1; containers/image and crane ping it before anything else",
        breaks: [
            Breakage(
                .podman,
                "pinging container registry HOST: invalid status code from registry 404 (Not Found)"
            ),
            Breakage(.crane, "unexpected status code 404 Not Found"),
        ],
        fix: Fix(
            "answer /v2/ with status 200 and {}",
            apache: "put a file index.html into v2/, and set `DirectoryIndex index.html`",
            caddy: "respond /v2/ `{}` 200",
            lighttpd: "index-file.names = ( \"index.html\" ), and a file v2/index.html",
            objects: "put an object whose key is literally \"v2/\", type application/json, body {}"
        ),
        scope: .registry
    ) { run in
        guard let reply = run.get("") else { return }
        guard reply.status != 401 else {
            return run.warn(
                reply,
                expected: "200",
                found: "401: the registry requires credentials, but doctor sends none"
            )
        }
        run.expect(reply, status: 200)
    }

    private static let catalogue = Check(
        "catalog",
        .registry,
        "_catalog lists the repositories",
        reason: "distribution's API; crane catalog, oras repo ls and skopeo sync read it",
        breaks: [
            Breakage(.crane, "crane catalog fails"), Breakage(.oras, "oras repo ls fails"),
        ],
        fix: Fix(
            "serve the site's v2/_catalog as a file; or tell doctor the repositories with --repository",
            objects: "upload v2/_catalog with the type application/json"
        ),
        scope: .registry
    ) { run in
        guard let reply = run.get("_catalog") else { return }
        guard reply.status == 200 else {
            return run.warn(reply, expected: "200", found: "\(reply.status)")
        }
        guard let names = Lists.repositories(reply) else {
            let expected = #"{"repositories":[…]}"#
            return run.fail(reply, expected: expected, found: reply.beginning)
        }
        for name in names where RepositoryName(name) == nil {
            run.fail(reply, expected: "names of repositories", found: name)
        }
    }

    private static let tagsList = Check(
        "tags-list",
        .registry,
        "tags/list names the repository and its tags, in order",
        reason: "distribution-spec, end-8a: lexical order, the repository's name",
        breaks: [
            Breakage(.docker, "docker pull --all-tags"),
            Breakage(.podman, "skopeo list-tags, skopeo sync"),
            Breakage(.crane, "crane ls"), Breakage(.oras, "oras repo tags; helm's version ranges"),
        ],
        fix: Fix(
            "serve the site's v2/NAME/tags/list unchanged; `regstatic build` can write it again",
            objects: "upload v2/NAME/tags/list from the site"
        )
    ) { run in
        guard let name = run.repository?.name, let reply = run.get("\(name)/tags/list") else {
            return
        }
        guard run.expect(reply, status: 200) else { return }
        guard let tags = Lists.tags(reply) else {
            let expected = #"{"name":"\#(name)","tags":[…]}"#
            return run.fail(reply, expected: expected, found: reply.beginning)
        }
        let named = (try? JSON(parsing: reply.answer.body, limits: .list))?["name"]?.string
        if named != name.description {
            run.fail(reply, expected: #""name":"\#(name)""#, found: named ?? "no name")
        }
        let isSorted = zip(tags, tags.dropFirst()).allSatisfy { !$1.isBefore($0) }
        if !isSorted { run.warn(reply, expected: "lexical order", found: "another order") }
    }

    private static let spelling = Check(
        "spelling",
        .registry,
        "a query or an escaped colon doesn't change the answer",
        reason: "containerd asks mirrors with ?ns=docker.io, and %3A means the same as a colon",
        breaks: [
            Breakage(.containerd, "as a mirror: not found"),
            Breakage(.lazy, "as a mirror: not found"),
        ],
        fix: Fix(
            "match the decoded path without its query",
            objects:
                "a cache or function in front of the bucket must not treat the query as part of the key"
        )
    ) { run in
        for served in run.taggedManifests().prefix(1) {
            let escaped = "\(served.repository)/manifests/sha256%3A\(served.digest.hex)"
            for name in ["\(served.path)?ns=docker.io", escaped] {
                guard let reply = run.get(name), run.expect(reply, status: 200) else { continue }
                guard reply.answer.body != served.reply.answer.body else { continue }
                run.fail(reply, expected: "the bytes of \(served.path)", found: "other bytes")
            }
        }
    }

    private static let redirects = Check(
        "redirects",
        .registry,
        "clients' requests are answered without a redirect",
        reason: "each client follows redirects in its own way",
        breaks: [
            Breakage(.crane, "follows, but not from a public to a private address"),
            Breakage(.lazy, "stargz follows one step only"),
            Breakage(.podman, "follows up to 10, like docker, containerd and oras"),
        ],
        fix: Fix(
            "answer at the requested URL, or give clients the URL to which the redirect leads",
            nginx: "behind a proxy that terminates TLS: `absolute_redirect off;`"
        ),
        scope: .registry
    ) { run in
        let slash = String(run.address.path("").dropLast())
        _ = run.ask(.get, slash)
        for hop in run.client.hops {
            let found = "\(hop.status) to \(hop.to)"
            let isForClients = hop.question != "GET \(slash)"
            let isDowngrade = hop.from.hasPrefix("https:") && !hop.to.hasPrefix("https:")
            if isDowngrade, isForClients {
                run.fail(hop.question, expected: "an answer over TLS", found: found)
            } else if isDowngrade
                || URLHost.authority(of: hop.to) != URLHost.authority(of: hop.from)
            {
                run.warn(
                    hop.question,
                    expected: "an answer from \(run.address.host)",
                    found: found
                )
            } else if isForClients {
                run.warn(hop.question, expected: "an answer without a redirect", found: found)
            }
        }
    }
}

extension Check {
    /// Kubernetes' own name, and those of k3s, RKE2 and others, such as `rancher/mirrored-pause`.
    private static let pauseImage = Check(
        "pause-image",
        .registry,
        "a pause image is here for Kubernetes",
        reason:
            "a node without internet access starts no pod before it has its pause (sandbox) image",
        breaks: [Breakage(.containerd, "failed to get sandbox image")],
        fix: .always(
            """
            ask a node for the image's name (`containerd config dump | grep sandbox`), save it where \
            there is internet access, and add it with `regstatic build`
            """
        ),
        scope: .registry
    ) { run in
        let reply = try? run.client.ask(.get, run.address.path("_catalog"))
        guard let reply, let names = Lists.repositories(reply) else {
            return run.skip("the registry lists no repositories")
        }
        let isPause = { (name: String) in
            name.split(separator: "/").last.map { $0 == "pause" || $0.hasSuffix("-pause") } ?? false
        }
        // Many sites aren't for Kubernetes, so a missing image is no fault.
        guard names.contains(where: isPause) else {
            return run.skip("there is none, so nodes of a cluster need it from elsewhere")
        }
        run.note(reply.question)
    }
}

extension String {
    /// Whether the string comes before another one in the specification's order, which compares
    /// bytes.
    fileprivate func isBefore(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension Reply {
    /// The first characters of the body in one line, for reports.
    var beginning: String {
        let text = String(decoding: answer.body.prefix(60), as: UTF8.self)
        return text.isEmpty
            ? "nothing"
            : text.split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
    }
}
