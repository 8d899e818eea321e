// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Bundles

/// A bundle that is larger than the user allows.
struct BundleLimit: Error {
    /// The size of the bundle in bytes.
    let size: Int
    let limit: Int
    /// The carried content, the largest first.
    let largest: [BundlePlan.Item]

    /// - Throws: `BundleLimit`.
    static func check(_ draft: BundleCreation.Draft, limit: Int?) throws(BundleLimit) {
        let size = draft.sizes.reduce(0, +)
        guard let limit, size > limit else { return }
        let carried = Set(draft.document.carries.map(\.digest))
        let largest = draft.plan.carried.filter { carried.contains($0.digest) }
            .sorted { ($1.size, $0.digest) < ($0.size, $1.digest) }
        throw BundleLimit(size: size, limit: limit, largest: Array(largest.prefix(10)))
    }
}
