// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ApacheTemplate
package import OCI
package import SiteModel

/// Apache's configuration for a site, which consists of constant files and a small file for each
/// manifest.
///
/// Apache can't read a link's target or compute SHA-256, but its expressions can hash a file with
/// SHA-1. A file below `sha1/` maps the SHA-1 of a tag's bytes to the manifest's digest and kind.
package enum Apache {
    package static let folder = "servers/apache"

    package static func files(_ plan: SitePlan) -> [FileContent] {
        let constant = ApacheTemplate.files
            // Only a portable site gets an .htaccess, which can't hash files and therefore needs
            // file names that contain the manifest's kind.
            .filter { $0.name != "htaccess" || plan.layout == .portable }
            .map { FileContent("\(folder)/\($0.name)", $0.bytes) }
        return constant
            + plan.manifests.map { manifest in
                FileContent(
                    "\(folder)/sha1/\(SHA1.hex(of: manifest.bytes))",
                    Array("\(manifest.digest.hex).\(manifest.kind.rawValue)\n".utf8)
                )
            }
    }
}
