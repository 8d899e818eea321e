// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CStatic

/// The version of the program.
///
/// Other files of the project repeat this version, and a test checks that all are equal.
package enum Version {
    package static let number = "0.2.0"
    /// The date of the version, for the manual.
    static let date = "2026-11-29"

    /// The version, and with `--verbose` among the arguments also the libraries.
    static func text(for arguments: [String]) -> String {
        arguments.contains("--verbose") ? number + "\n" + libraries : number
    }

    /// The libraries of the static program with their versions, or where to find those of the usual
    /// program.
    private static var libraries: String {
        let linked = unsafe String(cString: cstatic_linked()).split(separator: "\n")
        guard !linked.isEmpty else {
            return "Loads the system's libraries; list them: ldd \"$(command -v regstatic)\""
        }
        return "Linked into the program:" + linked.map { "\n  " + $0 }.joined()
    }
}
