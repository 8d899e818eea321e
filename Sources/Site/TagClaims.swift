// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Sources

/// The images of one run that claim one tag, and what becomes of each.
package struct TagClaims {
    /// An image, or some platforms of it, whose place another input's image took.
    package struct Superseded: Hashable, Sendable {
        /// As the user named it.
        package let input: String
        package let digest: Digest
        package let platforms: [Platform]
        /// The input that has the platforms now.
        package let winner: String
    }

    /// Those that the tag serves, wholly or in part, in the order of the inputs.
    let images: [SavedImage]
    /// The only image, as it is; nil if an index has to join several.
    let whole: Descriptor?
    /// What an index of all of them lists.
    let parts: [Descriptor]
    /// What of them can be pulled.
    let platforms: [Platform]
    let superseded: [Superseded]
    /// The platform that two images claim and the inputs of both; nil for images without platforms.
    let conflict: (platform: Platform?, inputs: [String])?

    /// Decides between images; with `replace` the last one wins each platform that several have.
    ///
    /// `children` lists an index.
    init(_ all: [SavedImage], replace: Bool, children: (Descriptor) -> [Descriptor]) {
        var seen: Set<Digest> = []
        let different = all.filter { seen.insert($0.root.digest).inserted }
        var owners = Owners()
        var kept: [(image: SavedImage, platforms: [Platform], isWhole: Bool)] = []
        var superseded: [Superseded] = []
        var conflict: (platform: Platform?, inputs: [String])?
        // The last one first: it keeps everything.
        for image in different.reversed() {
            let taken = owners.claimed(by: image)
            let platforms = image.platforms.filter { taken.platforms[$0] == nil }
            let isWhole = taken.platforms.isEmpty && taken.all == nil
            if let winner = taken.all
                ?? taken.platforms.sorted(by: { $0.key < $1.key }).first?.value
            {
                let lost = image.platforms.filter { taken.all != nil || taken.platforms[$0] != nil }
                conflict = (lost.first, [image.input, winner])
                superseded.append(
                    Superseded(
                        input: image.input,
                        digest: image.root.digest,
                        platforms: lost,
                        winner: winner
                    )
                )
            }
            guard isWhole || taken.all == nil && !platforms.isEmpty else { continue }
            owners.add(image, platforms)
            kept.append((image, platforms, isWhole))
        }
        kept.reverse()
        let roots = Set(kept.map(\.image.root.digest))
        images = all.filter { roots.contains($0.root.digest) }
        parts = kept.flatMap { Self.parts($0.image, $0.platforms, $0.isWhole, children) }
        let absent = Set(images.flatMap(\.missing).map(\.digest)).subtracting(roots)
        if kept.count == 1, kept[0].isWhole {
            whole = kept[0].image.entry
            platforms = kept[0].platforms
        } else {
            whole = nil
            platforms = parts.filter { !absent.contains($0.digest) }.compactMap(\.platform)
                .filter { !$0.isUnknown }
        }
        self.superseded = superseded.reversed()
        self.conflict = replace ? nil : conflict
    }

    /// The inputs that have won platforms so far.
    private struct Owners {
        private var platforms: [Platform: String] = [:]
        private var first: String?
        /// An image without platforms: nothing tells it from another one.
        private var all: String?

        /// Whose place an image would take.
        func claimed(by image: SavedImage) -> (platforms: [Platform: String], all: String?) {
            if image.platforms.isEmpty { return ([:], all ?? first) }
            return (platforms.filter { image.platforms.contains($0.key) }, all)
        }

        mutating func add(_ image: SavedImage, _ won: [Platform]) {
            first = first ?? image.input
            if image.platforms.isEmpty { all = image.input }
            for platform in won { platforms[platform] = image.input }
        }
    }

    /// What of an image an index lists.
    private static func parts(
        _ image: SavedImage,
        _ platforms: [Platform],
        _ isWhole: Bool,
        _ children: (Descriptor) -> [Descriptor]
    ) -> [Descriptor] {
        guard image.isIndex else { return [image.entry] }
        let all = children(image.root)
        guard !isWhole else { return all }
        let left = Set(
            all.filter { child in
                child.platform.map { !$0.isUnknown && !platforms.contains($0) } ?? false
            }
            .map(\.digest)
        )
        // An attestation goes where its image goes.
        return all.filter { child in
            !left.contains(child.digest) && child.attested.map { !left.contains($0) } ?? true
        }
    }
}
