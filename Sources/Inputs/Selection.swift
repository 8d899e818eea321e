// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Signatures
package import SiteModel

/// The user's selection of images, and the treatment of incomplete indexes.
package struct Selection: Sendable {
    /// The treatment of an index that lists missing or unselected images.
    package enum Gaps: String, Sendable, CaseIterable {
        /// Keep the index and its digest unchanged.
        case keep
        /// Write a new index without those images.
        case prune
        /// Treat missing images as a fault.
        case fail
    }

    /// The treatment of a registry's manifests without a tag and without a subject.
    package enum Untagged: String, Sendable, CaseIterable {
        case keep, drop
    }

    /// The selected platforms; empty for all.
    package var platforms: [Platform]
    package var gaps: Gaps
    /// The treatment of manifests without a tag; nil to decide by repository.
    ///
    /// With nil, regstatic keeps such manifests in repositories without any tag, because they are
    /// all that the registry served there. In other repositories, regstatic drops them, because
    /// most of them are old images of moved tags.
    package var untagged: Untagged?
    /// Manifests that are always kept, because clients request them by digest.
    package var pinned: Set<Digest>
    /// The user's names for images whose own names are invalid, by input.
    package var given: [GivenName] = []
    /// What the signature of an input that is a site must fulfil; nil reads sites without a check.
    package var signers: SignerPolicy?
    /// The digests of lists of images whose signature was checked in another way, as for bundles.
    package var accepted: Set<Digest> = []
    /// The first name that applies to the input that is being read.
    var replacement: GivenName?

    package init(
        platforms: [Platform] = [],
        gaps: Gaps = .keep,
        untagged: Untagged? = nil,
        pinned: Set<Digest> = []
    ) {
        self.platforms = platforms
        self.gaps = gaps
        self.untagged = untagged
        self.pinned = pinned
    }

    /// Whether a platform is selected; always true for content without a platform, such as a chart.
    func takes(_ platform: Platform?) -> Bool {
        guard let platform, !platforms.isEmpty, !platform.isUnknown else { return true }
        return platforms.contains { platform.matches($0) }
    }

    /// Splits the children of an index into selected and skipped ones.
    ///
    /// An attestation is treated like its image.
    func split(_ children: [Descriptor]) -> (wanted: [Descriptor], left: [Descriptor]) {
        let left = Set(children.filter { !takes($0.platform) }.map(\.digest))
        let isLeft: (Descriptor) -> Bool = { child in
            left.contains(child.digest) || child.attested.map(left.contains) ?? false
        }
        return (children.filter { !isLeft($0) }, children.filter(isLeft))
    }
}
