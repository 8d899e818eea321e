// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
package enum ApacheTemplate {
    /// Name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("htaccess", PackageResources.htaccess),
        ("http.conf", PackageResources.http_conf),
        ("https.conf", PackageResources.https_conf),
        ("modules.conf", PackageResources.modules_conf),
        ("no-referrers.oci-index", PackageResources.no_referrers_oci_index),
        ("registry.conf", PackageResources.registry_conf),
        ("unsupported.json", PackageResources.unsupported_json),
        ("vhost.conf", PackageResources.vhost_conf),
    ]
}
