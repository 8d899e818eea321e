// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

extension SitePlan {
    /// All paths of the store and the API that belong to the plan.
    package var paths: Set<String> {
        var paths: Set<String> = Set(blobs.map { $0.digest.blobPath })
        paths.formUnion(manifests.map { $0.digest.blobPath })
        paths.formUnion(manifests.map { SitePlan.path($0.digest, $0.kind) })
        paths.formUnion((contentLinks + tagLinks).map(\.path))
        paths.formUnion((tagFiles + lists).map(\.path))
        paths.formUnion(staleTags)
        return paths
    }

    /// Removes the resources that this plan lacks from a content-types.json; nil if the plan has
    /// all its resources or the file is damaged.
    package func shortened(contentTypes bytes: [UInt8]) -> [UInt8]? {
        ContentTypes.shortened(bytes, to: Set(resources.map { $0.path[...] }))
    }

    package static let manifestFolder = SitePath.manifests
    package static let apiFolder = SitePath.api
}
