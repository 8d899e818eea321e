// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Bundles
internal import Site
internal import SiteModel

/// A path where a bundle can't be applied, because there is no site.
struct NoSiteForBundle: Error {
    let damage: SiteDamage
    let site: String
    /// The files of the bundle as the user named them.
    let bundle: [String]
    /// Whether the bundle requires nothing, so that a site can be made of it alone.
    let isWhole: Bool

    /// Opens the site for a bundle.
    ///
    /// - Throws: `NoSiteForBundle` if there is no site, and the errors of `SiteUpdate.opening`.
    static func opening(
        _ site: String,
        for files: BundleFiles,
        named bundle: [String]
    ) throws -> SiteUpdate {
        do { return try SiteUpdate.opening(site) } catch let damage as SiteDamage {
            switch damage {
            case .absent, .notASite, .notBuilt:
                let document = files.document
                throw NoSiteForBundle(
                    damage: damage,
                    site: site,
                    bundle: bundle,
                    isWhole: document.needs.isEmpty && document.patches.isEmpty
                )
            default: throw damage
            }
        }
    }
}
