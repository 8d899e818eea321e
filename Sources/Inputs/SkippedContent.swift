// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
package import OCI

/// Content of an input that is skipped or unreferenced.
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
    /// Total size of those blobs in bytes.
    package var bytes = 0

    package var isEmpty: Bool { self == SkippedContent() }
}
