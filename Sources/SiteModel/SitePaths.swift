// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

extension SitePlan {
    /// Every path of the store and the API that the plan uses.
    package var paths: Set<String> {
        var paths: Set<String> = Set(blobs.map { $0.digest.blobPath })
        paths.formUnion(manifests.map { $0.digest.blobPath })
        paths.formUnion(manifests.map { SitePlan.path($0.digest, $0.kind) })
        paths.formUnion((contentLinks + tagLinks).map(\.path))
        paths.formUnion((tagFiles + lists).map(\.path))
        paths.formUnion(staleTags)
        return paths
    }

    /// A content-types.json without the resources that this plan lacks; nil if it has no others.
    package func shortened(contentTypes bytes: [UInt8]) -> [UInt8]? {
        ContentTypes.shortened(bytes, to: Set(resources.map { $0.path[...] }))
    }

    package static let manifestFolder = SitePath.manifests
    package static let apiFolder = SitePath.api
}
