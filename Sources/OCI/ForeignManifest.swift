// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A document that a registry may have under `/manifests/`, but that today's clients can't pull as
/// an image or artifact.
package enum ForeignManifest: Hashable, Sendable {
    /// The signed format of Docker before 1.10.
    ///
    /// <https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-1.md>
    case schema1
    /// An artifact manifest, which the release candidates of OCI 1.1 had.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/artifact.md>
    case artifact
    /// An index that lists blobs: the older form of BuildKit's cache.
    ///
    /// <https://github.com/moby/buildkit/blob/v0.13.0/cache/remotecache/export.go>
    case buildCache

    /// Recognizes a document of one of these kinds; nil for all other documents.
    package init?(_ json: JSON, claimed: MediaType) {
        let types = [claimed.description, json["mediaType"]?.string ?? ""]
        let children = json["manifests"]?.array ?? []
        if json["schemaVersion"]?.integer == 1 || types.contains(where: Self.isSchema1) {
            self = .schema1
        } else if types.contains("application/vnd.oci.artifact.manifest.v1+json") {
            self = .artifact
        } else if children.contains(where: Self.isCacheConfig) {
            self = .buildCache
        } else {
            return nil
        }
    }

    private static func isSchema1(_ type: String) -> Bool {
        type.hasPrefix("application/vnd.docker.distribution.manifest.v1+")
    }

    private static func isCacheConfig(_ child: JSON) -> Bool {
        child["mediaType"]?.string?.hasPrefix("application/vnd.buildkit.cacheconfig.") == true
    }
}
