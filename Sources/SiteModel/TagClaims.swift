// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The images of one run that claim the same tag, and the decision about each image.
package struct TagClaims {
    /// An image that an image of another input replaces, for all or some of its platforms.
    package struct Superseded: Hashable, Sendable {
        /// The input as the user named it.
        package let input: String
        package let digest: Digest
        package let platforms: [Platform]
        /// The input whose image replaces these platforms.
        package let winner: String
    }

    /// The images that the tag serves, with all or some of their platforms, in the order of the
    /// inputs.
    let images: [SavedImage]
    /// The descriptor of a single image, unchanged; nil if several images must be joined in an
    /// index.
    let whole: Descriptor?
    /// The descriptors to list if the images are joined in an index.
    let parts: [Descriptor]
    /// The platforms that can be pulled.
    let platforms: [Platform]
    let superseded: [Superseded]
    /// A conflict between two images for the same platform, or of which at least one has no
    /// platforms.
    struct Conflict {
        let platform: Platform?
    }

    let conflict: Conflict?

    /// Manifests that the images list, but that no input has.
    let missing: [Descriptor]

    /// Decides between images; with `replace`, uses the last image if several images have the same
    /// platform.
    ///
    /// `children` lists the children of an index.
    init(_ all: [SavedImage], replace: Bool, children: (Descriptor) -> [Descriptor]) {
        var seen: Set<Digest> = []
        // Keep only the last of several images with the same digest.
        let different = all.reversed().filter { seen.insert($0.root.digest).inserted }
        let (kept, superseded) = Self.decide(different)
        self.superseded = superseded
        conflict = replace ? nil : superseded.first.map { Conflict(platform: $0.platforms.first) }
        let roots = Set(kept.map(\.image.root.digest))
        let images = all.filter { roots.contains($0.root.digest) }
        self.images = images.count == all.count ? all : images
        let parts = kept.flatMap { $0.parts(children) }
        if let only = kept.first, kept.count == 1, only.isWhole {
            whole = only.image.entry
            (self.parts, platforms, missing) = (parts, only.platforms, only.image.missing)
            return
        }
        whole = nil
        // An index may list manifests that its own input lacks, but that another input has.
        let absent = Set(images.flatMap(\.missing).map(\.digest)).subtracting(roots)
        let present = parts.filter { !absent.contains($0.digest) }
        let found = Set(present.compactMap(\.platform))
        missing = parts.filter { part in
            absent.contains(part.digest) && part.platform.map { !found.contains($0) } ?? true
        }
        self.parts = present + missing
        platforms = found.filter { !$0.isUnknown }.sorted()
    }

    /// Decides which images are kept, with all or some of their platforms.
    ///
    /// The images are in the reverse order of the inputs, so the last input keeps all its
    /// platforms.
    private static func decide(_ images: [SavedImage]) -> (kept: [Kept], superseded: [Superseded]) {
        var owners = Owners()
        var kept: [Kept] = []
        var superseded: [Superseded] = []
        for image in images {
            let claims = Set(image.platforms).sorted()
            let winners = owners.winners(over: image, claims)
            let rest =
                claims == image.platforms && winners.isEmpty
                ? image.platforms : claims.filter { winners[$0] == nil }
            for (winner, lost) in Dictionary(grouping: winners, by: \.value)
                .sorted(by: { $0.key < $1.key })
            {
                superseded.append(
                    Superseded(
                        input: image.input,
                        digest: image.root.digest,
                        platforms: lost.compactMap(\.key).sorted(),
                        winner: winner
                    )
                )
            }
            guard winners.isEmpty || !rest.isEmpty else { continue }
            owners.add(image, rest)
            kept.append(Kept(image: image, platforms: rest, isWhole: winners.isEmpty))
        }
        return (kept.reversed(), superseded.reversed())
    }

    /// An image that is kept, with all or some of its platforms.
    private struct Kept {
        let image: SavedImage
        let platforms: [Platform]
        let isWhole: Bool

        /// The descriptors of this image in a joined index.
        func parts(_ children: (Descriptor) -> [Descriptor]) -> [Descriptor] {
            guard image.isIndex else { return [image.entry] }
            let all = children(image.root)
            return isWhole ? all : TagClaims.keeping(platforms, of: all)
        }
    }

    /// The children of an index for some platforms; attestations are kept with their images.
    static func keeping(_ platforms: [Platform], of children: [Descriptor]) -> [Descriptor] {
        let lost = children.filter { child in
            child.platform.map { !$0.isUnknown && !platforms.contains($0) } ?? false
        }
        let digests = Set(lost.map(\.digest))
        return children.filter { child in
            !digests.contains(child.digest) && child.attested.map { !digests.contains($0) } ?? true
        }
    }

    /// The inputs that have won each platform so far.
    private struct Owners {
        private var platforms: [Platform: String] = [:]
        private var first: String?
        /// The input of an image without platforms; such an image conflicts with all other images.
        private var all: String?

        /// Returns each platform that an image loses, with the input that is used instead; the key
        /// nil stands for an image without platforms.
        func winners(over image: SavedImage, _ claims: [Platform]) -> [Platform?: String] {
            guard !claims.isEmpty else {
                return (all ?? first).map { [nil: $0] } ?? [:]
            }
            var winners: [Platform?: String] = [:]
            for platform in claims { winners[platform] = all ?? platforms[platform] }
            return winners
        }

        mutating func add(_ image: SavedImage, _ won: [Platform]) {
            first = first ?? image.input
            if image.platforms.isEmpty { all = image.input }
            for platform in won { platforms[platform] = image.input }
        }
    }
}
