// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI

/// An image of the matrix's site, and the archive that it came from.
struct Sample: Hashable, Sendable {
    let kind: String
    let reference: String
    private let archive: String
    private let nameInArchive: String

    private init(
        _ kind: String,
        _ reference: String,
        from archive: String,
        named nameInArchive: String
    ) {
        self.kind = kind
        self.reference = reference
        self.archive = archive
        self.nameInArchive = nameInArchive
    }

    private init(_ kind: String, fromDockerSave reference: String, named name: String) {
        self.init(kind, reference, from: Fixture.docker20Many, named: name)
    }

    /// What the archive's own files say that this image is.
    func expected(_ workspace: Workspace) throws -> ImageContent {
        try ImageContent(archive: archive, name: nameInArchive, workspace)
    }

    static let gzip = Sample(
        "an OCI manifest made from `docker save`, layers in gzip",
        fromDockerSave: "zoo/hello:2",
        named: "zoo/hello:2"
    )

    static let zstd = Sample(
        "the same with layers in zstd",
        fromDockerSave: "zstd/zoo/hello:3",
        named: "zoo/hello:3"
    )

    /// As a registry had it.
    static let index = Sample(
        "an index with attestations, unchanged from a registry",
        "zoo/multi:1",
        from: Fixture.attested,
        named: "zoo/multi:1"
    )

    static let joined = Sample(
        "an index joined from two archives",
        "zoo/merge:1",
        from: Fixture.mergeAMD64,
        named: "zoo/merge:1"
    )

    /// What differs in what a client gets.
    static let contents = [
        gzip,
        zstd,
        Sample(
            "the same with uncompressed layers",
            fromDockerSave: "raw/zoo/hello:3",
            named: "zoo/hello:3"
        ),
        Sample(
            "an OCI manifest, unchanged from a registry",
            "original/zoo/hello:3",
            from: Fixture.containerdMany,
            named: "zoo/hello:3"
        ),
        joined,
    ]

    /// What differs in how a server finds it and what it says of it.
    static func names(_ digest: Digest) -> [Sample] {
        [
            index,
            Sample(
                "the same by its digest",
                "zoo/multi@\(digest)",
                from: Fixture.attested,
                named: "zoo/multi:1"
            ),
            Sample(
                "a Docker manifest, schema 2",
                fromDockerSave: "schema2/zoo/hello:3",
                named: "zoo/hello:3"
            ),
            Sample(
                "a tag that looks like a page, `1.0.html`",
                fromDockerSave: "acme/tool:1.0.html",
                named: "ghcr.io/acme/tool:1.0.html"
            ),
            Sample(
                "a name as clients request it from a mirror of Docker Hub, `library/nginx`",
                fromDockerSave: "library/nginx:alpine",
                named: "nginx:alpine"
            ),
        ]
    }
}
