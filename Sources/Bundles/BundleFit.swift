// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
internal import Compression
package import OCI
package import SiteModel
package import Site
internal import Store

/// How a bundle fits a site: what the site lacks, and which tags aren't as the bundle expects them.
package struct BundleFit: Sendable {
    /// A tag that is not as the bundle expects it, so that moving it could undo a newer change.
    package struct Conflict: Hashable, Sendable {
        package let tag: BundleDocument.Tag
        /// The manifest that the site has under the name; nil if it has none.
        package let found: Digest?
        /// Whether the bundle removes the tag.
        package let isRemoval: Bool
    }

    /// Required content that the site lacks, in the order of bundle.json.
    package private(set) var missing: [BundleNeed] = []
    package private(set) var conflicts: [Conflict] = []
    /// Recipes of layers that this regstatic can't make.
    package private(set) var unknownRecipes: [String] = []

    /// Why the site can't have the images of the bundle under their names.
    package private(set) var naming: NamingError?

    /// Whether the bundle can be applied without `--force`.
    package var isGood: Bool { missing.isEmpty && conflicts.isEmpty && refusals.isEmpty }

    /// The reasons why the bundle can't be applied, apart from missing content and conflicts.
    package var refusals: [BundleRefusal] {
        (unknownRecipes.isEmpty ? [] : [.recipes(unknownRecipes)])
            + (naming.map { [.names($0)] } ?? [])
    }

    /// Compares a bundle with a site, whose layers are given by their diffIDs.
    ///
    /// - Throws: `FileError`.
    package init(_ bundle: BundleFiles, _ site: SiteFolder, layers: [Digest: Digest]) throws {
        try self.init(bundle.document, site, layers: layers)
        let removed = Set(bundle.document.removed.map(\.name))
        do throws(NamingError) {
            _ = try BundleMerge(
                bundle.document,
                with: bundle.index,
                into: site.index,
                removing: site.index.entries.filter { !$0.isReplaced && removed.contains($0.name) },
                isForced: false
            )
        } catch { naming = error }
    }

    /// Compares what the bundle requires, and its tags.
    init(_ document: BundleDocument, _ site: SiteFolder, layers: [Digest: Digest]) throws {
        for need in document.needs where try site.store.size(of: need.digest) != need.size {
            missing.append(need)
        }
        for patch in document.patches
        where try site.store.size(of: patch.layer.digest) != patch.layer.size {
            if Recipe(named: patch.recipe) == nil, !unknownRecipes.contains(patch.recipe) {
                unknownRecipes.append(patch.recipe)
            }
            for base in patch.bases where layers[base] == nil {
                missing.append(
                    BundleNeed(
                        digest: base,
                        size: 0,
                        purpose: "base of the patch for \(patch.layer.digest)"
                    )
                )
            }
        }
        var current: [String: Digest] = [:]
        for entry in site.index.entries where !entry.isReplaced {
            current[entry.name] = entry.manifest.digest
        }
        for tag in document.tags {
            let found = current[tag.name]
            guard found != tag.manifest else { continue }
            // The bundle doesn't change this tag, so it stays as the site has it.
            guard tag.previous != tag.manifest else { continue }
            if found != tag.previous {
                conflicts.append(Conflict(tag: tag, found: found, isRemoval: false))
            }
        }
        for tag in document.removed {
            guard let found = current[tag.name], found != tag.manifest else { continue }
            conflicts.append(Conflict(tag: tag, found: found, isRemoval: true))
        }
    }
}

/// The reason why a bundle isn't applied to a site; the site is unchanged.
package enum BundleRefusal: Error, Sendable {
    /// The site lacks content that the bundle requires.
    case missing([BundleNeed])
    /// Tags of the site aren't as the bundle expects them.
    case conflicts([BundleFit.Conflict])
    /// The bundle needs encoders that this regstatic doesn't have.
    case recipes([String])
    /// The site can't have the images under their names.
    case names(NamingError)
    /// The user didn't agree to the removal of images.
    case declined
}
