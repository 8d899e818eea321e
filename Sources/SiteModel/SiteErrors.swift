// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

/// Why images can't be in one site under their names.
package enum NamingError: Error, Hashable, Sendable {
    /// Two inputs give one tag to different images of one platform.
    case tagConflict(RepositoryName, Tag, inputs: [String], platform: String)
    /// The API of the first repository needs a path that is the name of the second one.
    case repositoryClash(RepositoryName, RepositoryName)
    /// The repository would take the place of a file of the site.
    case reservedName(RepositoryName)
    /// Windows reserves a part of the name, and the site is portable.
    case notPortable(RepositoryName)
    /// Two tags of a repository differ by case only, and the site is portable.
    case tagsDifferByCase(RepositoryName, Tag, Tag)
    /// The name isn't valid with its host or prefix.
    case invalidName(String)
    /// `--name` without a tag fits several images.
    case ambiguousName(String, images: Int)
    /// `--name` for an input whose images all have names.
    case unusedName(String)
    /// More images than index.json can list within the limits for reading it.
    case tooManyImages(Int)
    /// Images of more registries than a site's settings can hold.
    case tooManyMirrors(limit: Int)
}

/// Why a reference leads to no image, or to one that can't be removed.
package enum LookupError: Error, Hashable, Sendable {
    /// No image has the name; what the repository has instead.
    case noSuchImage(SiteReference, present: [String])
    /// The image is not there for the platform.
    case noSuchPlatform(String, Platform, present: [Platform])
    /// Other images need the one that is to be removed.
    case needed(SiteReference, by: [String])
}

/// Why a command changes nothing, although it could do a part of the work.
package enum PolicyRefusal: Error, Hashable, Sendable {
    /// An image was refused, and `--strict` asks for everything or nothing.
    case strict
    /// The site could not serve these pins, and `--strict` asks for everything or nothing.
    case unserved([PinResult])
    /// No image in the inputs is for a requested platform.
    case noWantedPlatform([Platform], present: [Platform])
    /// `--mirror` would remove images whose input was refused.
    case mirrorOfRefused
    /// The user did not confirm that images are removed.
    case declined
    /// The output of a command would replace a part of the site.
    case outputInSite(String)
}

/// Why a site can't have a layout.
package enum LayoutError: Error, Hashable, Sendable {
    /// The site has another layout than the one that is asked for.
    case otherLayout(String, SiteLayout)
    /// The medium can't hold links or colons in names, and the plain layout is asked for.
    case plainRefused(String, FileError)
    /// A newer version of regstatic made the layout.
    case unknownLayout(String)
}
