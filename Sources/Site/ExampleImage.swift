// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

extension SiteBuild {
    /// Chooses an image that clients can pull without internet access; prefers images to artifacts.
    func example(_ changes: [SiteMerge.Change], _ graph: SiteGraph) -> SiteIndex.Entry? {
        let entries = changes.map(\.entry)
        return entries.first { graph.hasPullableImage($0.manifest) }
            ?? entries.first { graph.foreignLayers(below: $0.manifest.digest).isEmpty }
    }
}
