// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
///
/// They are constant: no image changes them.
package enum NginxTemplate {
    /// What stands alone: name and content of each file.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("http.conf", PackageResources.http_conf),
        ("https.conf", PackageResources.https_conf),
        ("maps.conf", PackageResources.maps_conf),
    ]

    /// The locations of a server block, for a site with a path for each URL.
    package static let plain = PackageResources.plain_conf
    /// For a site on a medium without links, whose files are found by rules.
    package static let portable = PackageResources.portable_conf
    /// The answers for what isn't there, in either.
    package static let answers = PackageResources.answers_conf
}
