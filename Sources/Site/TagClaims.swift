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

    /// What of them is listed, and no input has.
    let missing: [Descriptor]

    /// Decides between images; with `replace` the last one wins each platform that several have.
    ///
    /// `children` lists an index.
    init(_ all: [SavedImage], replace: Bool, children: (Descriptor) -> [Descriptor]) {
        var seen: Set<Digest> = []
        // Of equal images the last one stands for all.
        let different = all.reversed().filter { seen.insert($0.root.digest).inserted }
        let (kept, superseded) = Self.decide(different)
        self.superseded = superseded
        conflict =
            replace
            ? nil
            : superseded.first.map { ($0.platforms.first, [$0.input, $0.winner]) }
        let roots = Set(kept.map(\.image.root.digest))
        images = all.filter { roots.contains($0.root.digest) }
        let parts = kept.flatMap { $0.parts(children) }
        if let only = kept.first, kept.count == 1, only.isWhole {
            whole = only.image.entry
            (self.parts, platforms, missing) = (parts, only.platforms, only.image.missing)
            return
        }
        whole = nil
        // An index may list what its input lacks: another input may have it.
        let absent = Set(images.flatMap(\.missing).map(\.digest)).subtracting(roots)
        let present = parts.filter { !absent.contains($0.digest) }
        let found = Set(present.compactMap(\.platform))
        missing = parts.filter { part in
            absent.contains(part.digest) && part.platform.map { !found.contains($0) } ?? true
        }
        self.parts = present + missing
        platforms = found.filter { !$0.isUnknown }.sorted()
    }

    /// Which images are kept, each wholly or for some platforms.
    ///
    /// The images come in the reverse order of the inputs: the last one keeps everything.
    private static func decide(_ images: [SavedImage]) -> (kept: [Kept], superseded: [Superseded]) {
        var owners = Owners()
        var kept: [Kept] = []
        var superseded: [Superseded] = []
        for image in images {
            let claims = Set(image.platforms).sorted()
            let winners = owners.winners(over: image, claims)
            let rest = winners.isEmpty ? claims : claims.filter { winners[$0] == nil }
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

    /// An image, or what is left of an index.
    private struct Kept {
        let image: SavedImage
        let platforms: [Platform]
        let isWhole: Bool

        /// What an index lists of it.
        func parts(_ children: (Descriptor) -> [Descriptor]) -> [Descriptor] {
            guard image.isIndex else { return [image.entry] }
            let all = children(image.root)
            return isWhole ? all : TagClaims.keeping(platforms, of: all)
        }
    }

    /// The children of an index for some platforms; what is about an image, such as an attestation,
    /// goes where its image goes.
    static func keeping(_ platforms: [Platform], of children: [Descriptor]) -> [Descriptor] {
        let lost = children.filter { child in
            child.platform.map { !$0.isUnknown && !platforms.contains($0) } ?? false
        }
        let digests = Set(lost.map(\.digest))
        return children.filter { child in
            !digests.contains(child.digest) && child.attested.map { !digests.contains($0) } ?? true
        }
    }

    /// The inputs that have won platforms so far.
    private struct Owners {
        private var platforms: [Platform: String] = [:]
        private var first: String?
        /// An image without platforms: nothing tells it from another one.
        private var all: String?

        /// Which inputs an image loses platforms to; nil stands for an image without platforms.
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
