// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The meaning of a path in an input that is a site.
package enum SitePath {
    /// A copy of a manifest, with its kind in the extension.
    case copy(Digest, ManifestKind)
    /// A manifest of a repository, with the tag or digest that clients request.
    case manifest(repository: RepositoryName, name: String)

    package static let api = "v2"
    package static let manifests = "manifests/sha256"
    package static let contentTypes = "content-types.json"
    /// The folder with the configuration of web servers.
    package static let servers = "servers"
    /// The folder with the configuration of clients.
    package static let clients = "clients"
    /// The record of the inputs of a site's images.
    package static let inputs = "\(StateFolder.path)/inputs.json"
}
