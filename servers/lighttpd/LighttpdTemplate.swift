// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
package enum LighttpdTemplate {
    /// Name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("http.conf", PackageResources.http_conf),
        ("https.conf", PackageResources.https_conf),
        ("registry.conf", PackageResources.registry_conf),
        ("registry.lua", PackageResources.registry_lua),
    ]
}
