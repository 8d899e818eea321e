// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// How much space a site saves because what images have in common is stored once.
struct Sharing {
    /// Bytes of what only one image has.
    let own: Int
    /// Bytes of what several have, each once.
    let shared: Int
    /// Bytes of the copies that this makes needless.
    let saved: Int

    /// Nil if nothing is saved.
    init?(_ manifests: [Digest], _ graph: SiteGraph) {
        var uses: [Digest: (size: Int, count: Int)] = [:]
        for manifest in manifests {
            for blob in graph.nodes[manifest]?.blobs ?? [] {
                let known = uses[blob.digest] ?? (0, 0)
                // Manifests that differ on a size must not make the page differ.
                uses[blob.digest] = (max(known.size, blob.size), known.count + 1)
            }
        }
        var (own, shared, saved) = (0, 0, 0)
        for (size, count) in uses.values {
            if count == 1 { own = Self.sum(own, size) } else { shared = Self.sum(shared, size) }
            saved = Self.sum(saved, size.multipliedReportingOverflow(by: count - 1))
        }
        guard saved > 0 else { return nil }
        (self.own, self.shared, self.saved) = (own, shared, saved)
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        // No site is that large, but an archive may say so.
        min(left + min(right, ceiling), ceiling)
    }

    private static func sum(_ left: Int, _ right: (partialValue: Int, overflow: Bool)) -> Int {
        sum(left, right.overflow ? ceiling : right.partialValue)
    }

    private static let ceiling = 1 << 60

    var values: Values {
        let all = Double(own + shared + saved)
        // In thousandths of the whole picture.
        let ends = [own, own + shared].map { Int((Double($0) / all * 1000).rounded()) }
        return [
            "separate": .text(Wording.size(own + shared + saved)),
            "stored": .text(Wording.size(own + shared)), "saved": .text(Wording.size(saved)),
            "own": .text(Wording.size(own)), "shared": .text(Wording.size(shared)),
            "percent": .count(Int((Double(saved) / all * 100).rounded())),
            "ownWidth": .count(ends[0]), "sharedStart": .count(ends[0]),
            "sharedWidth": .count(ends[1] - ends[0]), "savedStart": .count(ends[1]),
            "savedWidth": .count(1000 - ends[1]),
        ]
    }
}
