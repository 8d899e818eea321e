// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// Why images can't be in one site under their names.
package enum NamingError: Error, Hashable, Sendable {
    /// Two repositories need the same path.
    case repositoryClash(RepositoryClash)
    /// The repository would take the place of a file of the site.
    case reservedName(RepositoryName)
    /// Windows reserves parts of the name, and the site is portable.
    case notPortable(RepositoryName, reserved: [String])
    /// Two tags of a repository differ by case only, and the site is portable.
    case tagsDifferByCase(RepositoryName, Tag, Tag)
    /// The name isn't valid after its host or the prefix is added.
    case invalidName(String)
    /// Clients read this tag as a list of what refers to an image, and the image to tag is no such list.
    case listOfReferrers(Tag)
    /// `--name` with a tag applies to several images without a name, but a tag can name only one
    /// image.
    case ambiguousName(String, images: Int)
    /// `--name` has no effect, because every image that it applies to already has a repository.
    case unusedName(String)
    /// `--name` is for an input, but no image of this input was read.
    case unknownInput(String)
    /// The site would have more images than index.json can list without exceeding the limits for
    /// reading it.
    case tooManyImages(Int, limit: Int)
    /// The site would have more repositories than a medium should hold.
    case tooManyRepositories(Int, limit: Int)
    /// The site would mirror more registries than its settings can hold.
    case tooManyMirrors(limit: Int)
}

extension NamingError {
    /// Returns the error with the inputs of the two repositories filled in.
    func tracing(_ trace: (inout RepositoryClash.Side) -> Void) -> NamingError {
        guard case .repositoryClash(var clash) = self else { return self }
        trace(&clash.outer)
        trace(&clash.inner)
        return .repositoryClash(clash)
    }
}
