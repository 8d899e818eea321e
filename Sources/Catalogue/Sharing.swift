// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The space that a site saves because it stores each blob once, even if several images use it.
struct Sharing {
    /// The bytes of blobs that only one image uses.
    let own: Int
    /// The bytes of blobs that several images use, each counted once.
    let shared: Int
    /// The bytes of the additional copies that would exist without sharing.
    let saved: Int

    /// Returns nil if sharing saves no bytes.
    init?(_ manifests: [Digest], _ graph: SiteGraph) {
        var uses: [Digest: (size: Int, count: Int)] = [:]
        for manifest in manifests {
            for blob in graph.nodes[manifest]?.blobs ?? [] {
                let known = uses[blob.digest] ?? (0, 0)
                // Manifests may disagree on a blob's size. Take the largest size, so that the order
                // of the manifests doesn't change the page.
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
        // Limit the sum, because a manifest may claim a size so large that adding overflows.
        min(left + min(right, ceiling), ceiling)
    }

    private static func sum(_ left: Int, _ right: (partialValue: Int, overflow: Bool)) -> Int {
        sum(left, right.overflow ? ceiling : right.partialValue)
    }

    private static let ceiling = 1 << 60

    var values: Values {
        let all = Double(own + shared + saved)
        // The right ends of the bar's first two parts, in thousandths of the bar's width.
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
