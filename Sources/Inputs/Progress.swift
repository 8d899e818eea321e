// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Who is told how the work goes.
///
/// Called from any thread, often: must be quick.
package protocol Progress: Sendable {
    /// Bytes of input that were dealt with.
    func advance(_ bytes: Int)
    /// Bytes that are now known to be ahead.
    func expect(_ bytes: Int)
}
