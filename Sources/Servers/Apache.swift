// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ApacheTemplate
package import OCI
package import SiteModel

/// Apache's configuration for a site: constant, and a file for each manifest.
///
/// Apache reads no link's target and knows no SHA-256, but its expressions hash a file with SHA-1: below
/// `sha1/` that leads from a tag's bytes to the manifest's digest and kind.
package enum Apache {
    package static let folder = "servers/apache"

    package static func files(_ plan: SitePlan) -> [FileContent] {
        let constant = ApacheTemplate.files
            // It can't hash: it needs names that tell the kind.
            .filter { $0.name != "htaccess" || plan.layout == .portable }
            .map { FileContent("\(folder)/\($0.name)", $0.bytes) }
        return constant
            + plan.manifests.map { manifest in
                FileContent(
                    "\(folder)/sha1/\(SHA1.hex(of: manifest.bytes))",
                    Array("\(manifest.digest.hex).\(manifest.kind.rawValue)\n".utf8),
                    isNamedByContent: true
                )
            }
    }
}
