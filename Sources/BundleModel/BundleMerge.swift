// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// What a bundle makes of a site's index.
///
/// It follows from the documents of the bundle, so the names are checked before content is copied.
package struct BundleMerge: Sendable {
    package private(set) var index: SiteIndex
    /// The images that the bundle brings, with the manifest that the name had before.
    package private(set) var changes: [(entry: SiteIndex.Entry, previous: Digest?)] = []
    /// The number of images that the site already has under their names.
    package private(set) var unchanged = 0
    /// The images of the bundle that the site has afterwards.
    package private(set) var brought: [SiteIndex.Entry] = []
    /// Names that the bundle doesn't change, and that have changed at the site.
    package private(set) var kept: [BundleDocument.Tag] = []

    /// Merges the images of a bundle into the index of a site, and removes some of the site's images.
    ///
    /// A tag that isn't as the bundle expects it moves only if `isForced`. The content of removed images
    /// stays until `prune`.
    ///
    /// - Throws: `NamingError` if the site can't have all names.
    package init(
        _ document: BundleDocument,
        with bundle: SiteIndex,
        into index: SiteIndex,
        removing removed: [SiteIndex.Entry],
        isForced: Bool
    ) throws(NamingError) {
        self.index = index
        let tags = Dictionary(document.tags.map { ($0.name, $0) }) { first, _ in first }
        var current: [String: Digest] = [:]
        for entry in index.entries where !entry.isReplaced {
            current[entry.name] = entry.manifest.digest
        }
        for entry in bundle.entries {
            guard let tag = tags[entry.name] else { continue }
            let found = current[entry.name]
            if found == tag.manifest {
                unchanged += 1
            } else if found != tag.previous, !isForced {
                kept.append(tag)
                continue
            } else {
                changes.append((entry, found))
            }
            set(entry)
        }
        for entry in removed { self.index.retire(entry) }
        do throws(ClientSettingsError) { try self.index.kit.add(bundle.kit.mirrors) } catch {
            throw .tooManyMirrors(limit: ClientSettings.mirrorLimit)
        }
        try self.index.checkNames()
    }

    private mutating func set(_ entry: SiteIndex.Entry) {
        brought.append(entry)
        index.note(entry.manifest.digest, isMade: entry.isMade)
        if let tag = entry.tag {
            index.set(entry.repository, tag, entry.manifest)
        } else {
            index.add(entry.repository, entry.manifest)
        }
    }
}
