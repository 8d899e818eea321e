// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Synchronization

/// The limits for the content of compressed streams, in bytes.
///
/// The ratio isn't limited, because zeros in honest images reach any ratio. Decompressed content is
/// only hashed, or encoded again, so a bomb costs time, but neither memory nor disk space.
package final class ExpansionBudget: Sendable {
    /// 1 TiB: far larger than any layer that an engine could unpack.
    package static let maximumLayer = 1 << 40
    /// 16 TiB: hours of work, so that a run ends.
    package static let maximumRun = 16 << 40

    package let layer: Int
    package let run: Int
    private let used = Atomic(0)

    /// A budget for one run.
    package init(layer: Int = maximumLayer, run: Int = maximumRun) {
        (self.layer, self.run) = (layer, run)
    }

    /// Counts bytes of any stream of the run.
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

    /// The content of a layer, or of a whole archive, which only the run limits.
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
