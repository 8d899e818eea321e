// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Why a folder can't be used as a site: it is no site, or a damaged one.
package enum SiteDamage: Error, Hashable, Sendable {
    /// The folder is not empty and not a site.
    case notASite(String)
    /// The folder has the lock of a first build, and nothing else of a site.
    case notBuilt(String)
    /// A symbolic link in place of one of the site's folders.
    case linkInSite(String)
    /// The folder has other files of a site, but no index.json.
    ///
    /// It is recoverable if names of images are left.
    case lostIndex(String, isRecoverable: Bool)
    /// index.json can't be read as a site's list.
    case index(IndexDamage)
    /// The settings for clients in index.json are invalid.
    case kitSettings(ClientSettingsError)
    /// content-types.json has images that index.json lacks, so index.json is damaged or an older copy.
    case unlisted(String, [String])
    /// A manifest that index.json names is missing or damaged.
    case manifest(Digest, ManifestDamage)
}

/// What is wrong with a site's index.json.
package enum IndexDamage: Hashable, Sendable {
    /// It is no regular file, or too large.
    case notAFile
    /// It is no JSON object with a list of manifests.
    case notAList
    /// Another program wrote it: the annotation with this key is missing.
    case unmarked(String)
    /// An entry has no digest, or no name.
    case unnamedEntry
    /// The name of an entry is invalid.
    case entryName(String)
}

/// What is wrong with a manifest of a site.
package enum ManifestDamage: Hashable, Sendable {
    case blob(BlobError)
    case json(JSONError)
    case manifest(ManifestError)
    /// Indexes are nested deeper than any input may nest them.
    case tooDeep
    /// An index lists it, and the site served it once.
    case lost
    /// The blob can't be read as the manifest that an entry of index.json names.
    case unreadable(entry: String)
}
