// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

/// A program that pulls images.
protocol PullClient {
    /// Pulls an image for linux/amd64 and says what arrived.
    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent
}

/// A program that finds a registry by files that lie where it looks for them.
protocol ConfiguredClient {
    /// Pulls an image for linux/amd64 by its full name and says what arrived.
    func pull(configured name: String) throws -> ImageContent
}

/// An image of the served site, and the archive that it came from.
struct Sample: Sendable, CustomTestStringConvertible {
    let reference: String
    fileprivate let archive: String
    fileprivate let nameInArchive: String

    var testDescription: String { reference }

    /// What the archive's own files say that this image is.
    func expected(_ workspace: Workspace) throws -> ImageContent {
        try ImageContent(archive: archive, name: nameInArchive, workspace)
    }

    private init(_ reference: String, _ archive: String, _ nameInArchive: String) {
        self.reference = reference
        self.archive = archive
        self.nameInArchive = nameInArchive
    }

    /// What every client has to manage: an image that was rebuilt, a registry's own, two indexes.
    static let basic = [
        Sample("zoo/hello:2", Fixture.docker20Many, "zoo/hello:2"),
        Sample("original/zoo/hello:3", Fixture.containerdMany, "zoo/hello:3"),
        Sample("zoo/multi:1", Fixture.attested, "zoo/multi:1"),
        Sample("zoo/merge:1", Fixture.mergeAMD64, "zoo/merge:1"),
    ]

    static let encodings = ["zstd", "raw", "schema2"]
        .map { prefix in
            Sample("\(prefix)/zoo/hello:3", Fixture.docker20Many, "zoo/hello:3")
        }
}
