// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

/// Callbacks that report progress while the checks run.
package struct DoctorProgress {
    /// Called with the name of each repository before it is checked.
    package var onRepository: (String) -> Void = { _ in }
    /// Called with the number of bytes that arrived.
    package var onBytes: (Int) -> Void = { _ in }

    package init() {}
}
