// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
package import OCI

/// The skipped or unreferenced content of an input.
package struct SkippedContent: Hashable, Sendable {
    /// An image, or some of its platforms, that the user didn't select.
    package struct Image: Hashable, Sendable {
        package let name: String
        package let platforms: [Platform]
    }

    package var images: [Image] = []
    /// The number of unfinished pushes to a registry.
    package var uploads = 0
    /// Manifests that no tag reaches and that have no subject.
    package var manifests: [Digest] = []
    package var blobs = 0
    /// The total size in bytes of the blobs that `blobs` counts.
    package var bytes = 0
    /// The number of files that belong to none of the OCI layouts in an input; `exampleFile` is one
    /// of them.
    package var files = 0
    package var exampleFile: String?

    /// Adds the skipped content of another archive of the same input.
    mutating func add(_ other: SkippedContent) {
        images += other.images
        uploads += other.uploads
        manifests += other.manifests
        blobs += other.blobs
        bytes += other.bytes
        files += other.files
        exampleFile = exampleFile ?? other.exampleFile
    }

    package var isEmpty: Bool { self == SkippedContent() }
}
