// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

/// Callbacks that report progress while the checks run.
package struct DoctorProgress {
    /// Called with each repository before it is looked at.
    package var onRepository: (String) -> Void = { _ in }
    /// Called with the number of bytes that came.
    package var onBytes: (Int) -> Void = { _ in }

    package init() {}
}
