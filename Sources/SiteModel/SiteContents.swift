// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Everything that a site serves, which is its list of images and their manifests.
package struct SiteContents: Sendable {
    package var index: SiteIndex
    package var graph: SiteGraph

    package init(_ index: SiteIndex, _ graph: SiteGraph) {
        (self.index, self.graph) = (index, graph)
    }

    /// The name of a tagged image, used in examples; nil if no image has a tag.
    package var example: String? { index.entries.first { $0.tag != nil }?.name }
}
