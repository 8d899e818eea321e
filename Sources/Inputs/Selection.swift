// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Which images of an input are taken in, and what becomes of an index that is not whole.
package struct Selection: Sendable {
    /// What becomes of an index that names images which the input lacks or which aren't wanted.
    package enum Gaps: String, Sendable, CaseIterable {
        /// It stays as it is, and so does its digest.
        case keep
        /// It is written anew without them.
        case prune
        /// What the input lacks is a fault.
        case fail
    }

    /// Empty for all.
    package var platforms: [Platform]
    package var gaps: Gaps

    package init(platforms: [Platform] = [], gaps: Gaps = .keep) {
        self.platforms = platforms
        self.gaps = gaps
    }

    /// What runs nowhere, such as a chart, is wanted whatever the platform.
    func takes(_ platform: Platform?) -> Bool {
        guard let platform, !platforms.isEmpty, !platform.isUnknown else { return true }
        return platforms.contains { platform.matches($0) }
    }

    /// The children of an index that are wanted, and those that aren't.
    ///
    /// An attestation goes where its image goes.
    func split(_ children: [Descriptor]) -> (wanted: [Descriptor], left: [Descriptor]) {
        let left = Set(children.filter { !takes($0.platform) }.map(\.digest))
        let isLeft: (Descriptor) -> Bool = { child in
            left.contains(child.digest) || child.attested.map(left.contains) ?? false
        }
        return (children.filter { !isLeft($0) }, children.filter(isLeft))
    }
}

extension Descriptor {
    /// The image that an attestation of BuildKit is about.
    ///
    /// <https://github.com/moby/buildkit/blob/v0.13.0/docs/attestations/attestation-storage.md>
    package var attested: Digest? {
        annotation("vnd.docker.reference.digest").flatMap { Digest($0) }
    }
}
