// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

/// A receiver of progress reports.
///
/// It is called often and from any thread, so it must be fast.
package protocol Progress: Sendable {
    /// Adds to the count of processed input bytes.
    func advance(_ bytes: Int)
    /// Adds bytes to the expected total.
    func expect(_ bytes: Int)
}
