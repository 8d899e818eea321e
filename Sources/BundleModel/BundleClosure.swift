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
    /// `graph` has the images' manifests, from the bundle and from the site; if it has all of them, the
    /// bundle must not contain anything else, either.
    ///
    /// - Throws: `BundleError.incomplete` with the content that is in neither list; `.damaged` if no
    ///   image needs a part of the bundle.
    package func checkClosure(
        _ index: SiteIndex,
        _ graph: SiteGraph,
        isWhole: Bool
    ) throws(BundleError) {
        let plan = BundlePlan(index.entries, of: SiteContents(index, graph), have: SiteInventory())
        var known: [Digest: Int] = [:]
        for need in needs { known[need.digest] = need.size }
        for content in carries + patches.map(\.layer) { known[content.digest] = content.size }
        let unknown = plan.carried.filter { known[$0.digest] != $0.size }
            .map { BundleNeed(digest: $0.digest, size: $0.size, purpose: $0.purpose) }
        guard unknown.isEmpty else { throw .incomplete(unknown) }
        let used = Set(plan.carried.map(\.digest))
        guard !isWhole || (carries + patches.map(\.layer)).allSatisfy({ used.contains($0.digest) })
        else { throw .damaged("carries in \(Self.path)") }
    }

    /// Checks that the bundle contains or requires the manifests of its tags.
    ///
    /// - Throws: `BundleError.incomplete`.
    package func checkRoots(_ index: SiteIndex) throws(BundleError) {
        let known = Set(needs.map(\.digest) + carries.map(\.digest))
        let unknown = index.entries.filter { !known.contains($0.manifest.digest) }
            .map { entry in
                BundleNeed(
                    digest: entry.manifest.digest,
                    size: entry.manifest.size,
                    purpose: "manifest of \(entry.name)"
                )
            }
        guard unknown.isEmpty else { throw .incomplete(unknown) }
    }
}
