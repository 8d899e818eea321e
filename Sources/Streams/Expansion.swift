// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Synchronization

/// The limits for the content of compressed streams, in bytes.
///
/// The ratio of sizes isn't limited, because zeros in honest images reach any ratio. regstatic only
/// hashes decompressed content or encodes it again, so a decompression bomb takes time, but neither
/// memory nor disk space.
package final class ExpansionBudget: Sendable {
    /// The limit for one layer, 1 TiB, which is far larger than any layer that an engine could
    /// unpack.
    package static let maximumLayer = 1 << 40
    /// The limit for a run, 16 TiB, so that a run ends after some hours of work.
    package static let maximumRun = 16 << 40

    package let layer: Int
    package let run: Int
    private let used = Atomic(0)

    /// A budget for one run.
    package init(layer: Int = maximumLayer, run: Int = maximumRun) {
        (self.layer, self.run) = (layer, run)
    }

    /// Counts decompressed bytes of all streams of the run.
    fileprivate func spend(_ count: Int) throws(StreamError) {
        let (_, now) = used.add(count, ordering: .relaxed)
        guard now <= run else { throw .expansion(.run, limit: run) }
    }
}

/// The expanded bytes of one stream.
package struct Expansion {
    private let budget: ExpansionBudget
    private let limit: Int
    private var count = 0

    /// Starts to count the bytes of a stream.
    ///
    /// A layer has its own limit; for a whole archive, only the limit of the run applies.
    package init(of scope: StreamError.Scope, within budget: ExpansionBudget) {
        self.budget = budget
        limit = scope == .layer ? budget.layer : .max
    }

    package mutating func add(_ more: Int) throws(StreamError) {
        count += more
        guard count <= limit else { throw .expansion(.layer, limit: limit) }
        try budget.spend(more)
    }
}
