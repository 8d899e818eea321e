// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ClientKit
internal import OCI
internal import Inputs
internal import Store

extension SitePlan {
    /// Every path of the store, the API and the kit that the plan uses.
    var paths: Set<String> {
        var paths: Set<String> = Set(blobs.map { $0.digest.blobPath })
        paths.formUnion(manifests.map { $0.digest.blobPath })
        paths.formUnion(manifests.map { SitePlan.path($0.digest, $0.kind) })
        paths.formUnion((contentLinks + tagLinks).map(\.path))
        paths.formUnion((tagFiles + lists).map(\.path))
        paths.formUnion(staleTags)
        paths.formUnion((kit?.files ?? []).map(\.path))
        return paths
    }

    static let manifestFolder = SitePath.manifests
    static let apiFolder = SitePath.api
}
