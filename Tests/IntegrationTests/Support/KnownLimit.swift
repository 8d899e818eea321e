// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A pull of the matrix that can't succeed, and why.
///
/// It has to fail: one that succeeds is no limit any more, and leaves the list.
struct KnownLimit: Sendable {
    let reason: String
    let covers: @Sendable (MatrixPull) -> Bool

    static let all: [KnownLimit] = []

    /// Where in the list what stops this pull stands.
    static func index(of pull: MatrixPull) -> Int? { all.firstIndex { $0.covers(pull) } }
}
