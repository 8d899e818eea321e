// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
package enum PythonTemplate {
    /// Name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("serve.py", PackageResources.serve_py)
    ]
}
