// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel
internal import Store

extension SiteBuild {
    /// Chooses an image of a run that clients can pull without internet access; nil if all are
    /// artifacts, or need the internet.
    func example(_ changes: [SiteMerge.Change], _ graph: SiteGraph) -> SiteIndex.Entry? {
        changes.map(\.entry).first { graph.hasPullableImage($0.manifest) }
    }
}

extension SiteFolder {
    /// An image with a tag that clients can pull without internet access; nil if the site has none.
    ///
    /// Reads only the manifests up to this image, and skips damaged ones.
    package var example: SiteIndex.Entry? {
        index.entries.first { entry in
            guard entry.tag != nil else { return false }
            var graph = SiteGraph()
            do { try graph.load(entry.manifest, from: store) } catch { return false }
            return graph.hasPullableImage(entry.manifest)
        }
    }
}
