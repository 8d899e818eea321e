// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// How good or bad a result is; the cases are in order from best to worst.
package enum Verdict: String, Sendable, Comparable, CaseIterable {
    case skip, pass, warn, fail

    package static func < (left: Verdict, right: Verdict) -> Bool {
        let order = Verdict.allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
}

/// One deviation from the contract.
package struct Finding: Hashable, Sendable {
    /// `warn` or `fail`.
    package let verdict: Verdict
    package let asked: String
    package let expected: String
    package let found: String
}
