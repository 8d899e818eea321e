// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The reason why a folder can't be used as a site, because it isn't a site or because the site is
/// damaged.
package enum SiteDamage: Error, Hashable, Sendable {
    /// The path doesn't exist.
    case absent(String)
    /// The folder is not empty and not a site.
    case notASite(String)
    /// The folder for a new site has other files.
    case occupied(String)
    /// A file is in the place of the folder for a site.
    case notAFolder(String)
    /// The first build into the folder ended before it published any file.
    case notBuilt(String)
    /// A symbolic link in place of one of the site's folders.
    case linkInSite(String)
    /// The folder has other files of a site, but no index.json.
    ///
    /// The list of images is recoverable if other files still contain the images' names.
    case lostIndex(String, isRecoverable: Bool)
    /// index.json can't be read as a site's list.
    case index(IndexDamage)
    /// The settings for clients in index.json are invalid.
    case kitSettings(ClientSettingsError)
    /// content-types.json has images that index.json lacks, so index.json is damaged or an older copy.
    case unlisted(String, [String])
    /// A manifest that index.json names is missing or damaged.
    case manifest(Digest, ManifestDamage)
    /// A manifest that images of the site need is missing or damaged.
    case lostManifest(LostManifest)
}

/// The damage of a site's index.json.
package enum IndexDamage: Hashable, Sendable {
    /// The path isn't a regular file, or the file is too large.
    case notAFile
    /// The file isn't a JSON object with a list of manifests.
    case notAList
    /// Another program wrote the file, because the annotation with this key is missing.
    case unmarked(String)
    /// An entry has no digest, or no name.
    case unnamedEntry
    /// The name of an entry is invalid.
    case entryName(String)
}

/// The damage of a manifest of a site.
package enum ManifestDamage: Hashable, Sendable {
    case blob(BlobError)
    case json(JSONError)
    case manifest(ManifestError)
    /// Indexes are nested more deeply than in any input that regstatic accepts.
    case tooDeep
    /// An index lists the manifest, and the site once served it, but now its blob is missing or
    /// damaged.
    case lost
}

/// A manifest that a site has lost, and what the user needs to get it back.
package struct LostManifest: Hashable, Sendable {
    package let site: String
    package let digest: Digest
    /// The names of the images that need the manifest.
    package let images: [String]
    /// The file names of the inputs of these images, as far as they are known.
    package let inputs: [String]

    package init(site: String, digest: Digest, images: [String], inputs: [String]) {
        (self.site, self.digest) = (site, digest)
        (self.images, self.inputs) = (images, inputs)
    }
}
