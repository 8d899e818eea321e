// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Inputs

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
        let (kept, superseded) = Self.decide(different)
        self.superseded = superseded
        conflict =
            replace
            ? nil
            : superseded.first.map { ($0.platforms.first, [$0.input, $0.winner]) }
        let roots = Set(kept.map(\.image.root.digest))
        images = all.filter { roots.contains($0.root.digest) }
        parts = kept.flatMap { $0.parts(children) }
        if let only = kept.first, kept.count == 1, only.isWhole {
            whole = only.image.entry
            platforms = only.platforms
        } else {
            whole = nil
            // An index may list what its input lacks.
            let absent = Set(images.flatMap(\.missing).map(\.digest)).subtracting(roots)
            platforms = parts.filter { !absent.contains($0.digest) }.compactMap(\.platform)
                .filter { !$0.isUnknown }
        }
    }

    /// Which images are kept, each wholly or for some platforms: the last one keeps everything.
    private static func decide(_ images: [SavedImage]) -> (kept: [Kept], superseded: [Superseded]) {
        var owners = Owners()
        var kept: [Kept] = []
        var superseded: [Superseded] = []
        for image in images.reversed() {
            let taken = owners.claimed(by: image)
            let rest = image.platforms.filter { taken.platforms[$0] == nil }
            let winners = taken.platforms.sorted { $0.key < $1.key }.map(\.value)
            guard let winner = taken.all ?? winners.first else {
                owners.add(image, rest)
                kept.append(Kept(image: image, platforms: rest, isWhole: true))
                continue
            }
            let lost =
                taken.all == nil ? image.platforms.filter { !rest.contains($0) } : image.platforms
            superseded.append(
                Superseded(
                    input: image.input,
                    digest: image.root.digest,
                    platforms: lost,
                    winner: winner
                )
            )
            guard taken.all == nil, !rest.isEmpty else { continue }
            owners.add(image, rest)
            kept.append(Kept(image: image, platforms: rest, isWhole: false))
        }
        return (kept.reversed(), superseded.reversed())
    }

    /// An image, or what is left of an index.
    private struct Kept {
        let image: SavedImage
        let platforms: [Platform]
        let isWhole: Bool

        /// What an index lists of it.
        func parts(_ children: (Descriptor) -> [Descriptor]) -> [Descriptor] {
            guard image.isIndex else { return [image.entry] }
            let all = children(image.root)
            guard !isWhole else { return all }
            let lost = all.filter { child in
                child.platform.map { !$0.isUnknown && !platforms.contains($0) } ?? false
            }
            let digests = Set(lost.map(\.digest))
            // An attestation goes where its image goes.
            return all.filter { child in
                !digests.contains(child.digest)
                    && child.attested.map { !digests.contains($0) } ?? true
            }
        }
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
}
