// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import SiteModel

extension BundleDocument {
    /// Checks that the bundle's index.json has the images of bundle.json.
    ///
    /// - Throws: `BundleError.damaged`.
    package func check(_ index: SiteIndex) throws(BundleError) {
        let listed = index.entries.map {
            Tag(name: $0.name, manifest: $0.manifest.digest, previous: nil)
        }
        let named = tags.map { Tag(name: $0.name, manifest: $0.manifest, previous: nil) }
        guard listed == named else { throw .damaged("tags in \(Self.path)") }
        let names = Set(tags.map(\.name))
        guard removed.allSatisfy({ !names.contains($0.name) }) else {
            throw .damaged("removed in \(Self.path)")
        }
    }

    /// Checks that the bundle contains or requires everything that its images refer to.
    ///
    /// `graph` has the images' manifests, from the bundle and from the site.
    ///
    /// - Throws: `BundleError.incomplete` with the content that is in neither list.
    package func checkClosure(_ index: SiteIndex, _ graph: SiteGraph) throws(BundleError) {
        let plan = BundlePlan(index.entries, of: SiteContents(index, graph), have: SiteInventory())
        var known: [Digest: Int] = [:]
        for need in needs { known[need.digest] = need.size }
        for content in carries + patches.map(\.layer) { known[content.digest] = content.size }
        let unknown = plan.carried.filter { known[$0.digest] != $0.size }
            .map { BundleNeed(digest: $0.digest, size: $0.size, purpose: $0.purpose) }
        guard unknown.isEmpty else { throw .incomplete(unknown) }
    }
}
