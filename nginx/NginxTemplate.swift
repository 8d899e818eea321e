// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The files of this folder, compiled into the binary.
///
/// The files are constant, because they don't depend on the site's images.
package enum NginxTemplate {
    /// The name and content of each file that every site gets unchanged.
    package static let files: [(name: String, bytes: [UInt8])] = [
        ("http.conf", PackageResources.http_conf),
        ("https.conf", PackageResources.https_conf),
        ("maps.conf", PackageResources.maps_conf),
    ]

    /// The locations of a server block for the plain layout, which has a path for each URL.
    package static let plain = PackageResources.plain_conf
    /// The locations for the portable layout, which has no links, so rules find the files.
    package static let portable = PackageResources.portable_conf
    /// The locations that both layouts share: error answers, the pages and the client kit.
    package static let answers = PackageResources.answers_conf
}
