// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

/// A program that pulls images.
protocol PullClient {
    /// Pulls an image for linux/amd64 and says what arrived.
    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent

    /// Ends what had to be started first.
    func stop()
}

extension PullClient {
    func stop() {}
}

/// An image of the served site, and the archive that it came from.
struct Sample: Sendable {
    let kind: String
    let reference: String
    private let archive: String
    private let nameInArchive: String

    private init(_ kind: String, _ reference: String, _ archive: String, _ nameInArchive: String) {
        self.kind = kind
        self.reference = reference
        self.archive = archive
        self.nameInArchive = nameInArchive
    }

    /// What the archive's own files say that this image is.
    func expected(_ workspace: Workspace) throws -> ImageContent {
        try ImageContent(archive: archive, name: nameInArchive, workspace)
    }

    /// An index of the site, to be asked for by digest.
    static func digest(_ digest: Digest) -> Sample {
        Sample("an index by its digest", "zoo/multi@\(digest)", Fixture.attested, "zoo/multi:1")
    }

    /// An index with attestations, as a registry had it.
    static let index = Sample(
        "an index with attestations, as a registry had it",
        "zoo/multi:1",
        Fixture.attested,
        "zoo/multi:1"
    )

    /// One image of each kind.
    static let kinds = [
        Sample(
            "an OCI manifest made from `docker save`, layers in gzip",
            "zoo/hello:2",
            Fixture.docker20Many,
            "zoo/hello:2"
        ),
        Sample(
            "the same with layers in zstd",
            "zstd/zoo/hello:3",
            Fixture.docker20Many,
            "zoo/hello:3"
        ),
        Sample(
            "the same with layers as they are",
            "raw/zoo/hello:3",
            Fixture.docker20Many,
            "zoo/hello:3"
        ),
        Sample(
            "the same as Docker schema 2",
            "schema2/zoo/hello:3",
            Fixture.docker20Many,
            "zoo/hello:3"
        ),
        Sample(
            "an OCI manifest as a registry had it",
            "original/zoo/hello:3",
            Fixture.containerdMany,
            "zoo/hello:3"
        ),
        index,
        Sample(
            "an index joined from two archives",
            "zoo/merge:1",
            Fixture.mergeAMD64,
            "zoo/merge:1"
        ),
        Sample(
            "a tag that looks like a page, `1.0.html`",
            "acme/tool:1.0.html",
            Fixture.docker20Many,
            "ghcr.io/acme/tool:1.0.html"
        ),
        Sample(
            "a name as a mirror of Docker Hub is asked for it, `library/nginx`",
            "library/nginx:alpine",
            Fixture.docker20Many,
            "nginx:alpine"
        ),
    ]
}
