// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import ClientKit
package import OCI
package import Store

/// Why images can't stand in one site under the names that they would have.
package enum SiteError: Error, Hashable, Sendable {
    /// Two inputs give one tag to different images of one platform.
    case tagConflict(RepositoryName, Tag, inputs: [String], platform: String)
    /// A repository whose name would need the path of another's API.
    case repositoryClash(RepositoryName, RepositoryName)
    /// A name that collides with a file of the site itself.
    case reservedName(RepositoryName)
    /// A repository that Windows can't hold, in a portable site.
    case notPortable(RepositoryName)
    /// Two tags that only a medium with capitals can tell apart, in a portable site.
    case tagsDifferByCase(RepositoryName, Tag, Tag)
    /// The site has one layout and another is asked for.
    case otherLayout(String, SiteLayout)
    /// The medium holds no links or colons, and the plain layout is asked for.
    case plainRefused(String, FileError)
    /// A name that isn't valid with its host or prefix.
    case invalidName(String)
    /// `--name` for several images without a name, or for an input that has none.
    case ambiguousName(String, images: Int)
    case unusedName(String)
    /// More images than a list can hold that is read with bounds.
    case tooManyImages(Int)
    /// The folder is no site, and not empty.
    case notASite(String)
    /// A symbolic link in the place of one of the site's folders.
    case linkInSite(String)
    /// The folder has other files of a site, but no index.json.
    ///
    /// It is recoverable if anything says what the images were called.
    case lostIndex(String, isRecoverable: Bool)
    /// content-types.json has tags that index.json lacks: that one is damaged, or older.
    case unlisted(String, [String])
    /// The layout is one of a newer version.
    case unknownLayout(String)
    /// The folder is the beginning of a site that no build has finished.
    case notBuilt(String)
    /// The output of a command would take the place of a part of the site.
    case outputInSite(String)
    /// Nothing of that name; what the repository has instead.
    case noSuchImage(SiteReference, present: [String])
    /// Something was refused, and everything or nothing was asked for.
    case strict
    /// Pinned references that the site couldn't serve, and everything or nothing was asked for.
    case unserved([PinResult])
    /// Nothing in the inputs is for the platforms that are asked for; what there is.
    case noWantedPlatform([Platform], present: [Platform])
    /// Images would be removed because their input was refused.
    case mirrorOfRefused
    /// The user would rather keep what is to be removed.
    case declined
    /// What is to be removed, and who needs it.
    case needed(SiteReference, by: [String])
    case noSuchPlatform(String, Platform, present: [Platform])
    /// The site's own list is unreadable.
    case damagedIndex(String)
    /// What the site's own list remembers of its clients is.
    case damagedKit(KitRecordError)
    /// Images of more registries than a site remembers.
    case tooManyMirrors(limit: Int)
    /// The site's store lacks a manifest that its list names, or has it wrong.
    case damagedManifest(Digest, String)
}
