// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
///
/// They are constant: no site changes them.
package enum NginxTemplate {
    /// Name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("http.conf", PackageResources.http_conf),
        ("https.conf", PackageResources.https_conf),
        ("maps.conf", PackageResources.maps_conf),
        ("registry.conf", PackageResources.registry_conf),
    ]
}
