// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
package enum CaddyTemplate {
    /// Name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("http.Caddyfile", PackageResources.http_Caddyfile),
        ("https.Caddyfile", PackageResources.https_Caddyfile),
        ("registry.caddy", PackageResources.registry_caddy),
    ]
}
