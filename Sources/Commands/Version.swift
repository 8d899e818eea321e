// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The version of the program.
///
/// Other files of the project repeat this version, and a test checks that all are equal.
package enum Version {
    package static let number = "0.1.0"
    /// The date of the version, for the manual.
    static let date = "2026-11-26"
}
