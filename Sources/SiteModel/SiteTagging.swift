// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A change of a site's index that gives one of its images more tags.
///
/// If a tag is in another repository than the image, what refers to the image, such as signatures
/// and SBOMs, comes along, because clients look for it in the repository from which they pull.
package struct SiteTagging: Sendable {
    /// An entry that the index has after the change.
    package struct Change: Sendable {
        package let entry: SiteIndex.Entry
        package let kind: SiteMerge.Change.Kind
        /// The image that the tag named before; nil unless the tag moves.
        package let previous: Digest?
    }

    package private(set) var index: SiteIndex
    /// The new tags in the order of the user, then what came along with them.
    package private(set) var changes: [Change] = []
    /// The image.
    package let source: SiteIndex.Entry

    /// Gives an image, which `SiteIndex.taggable` has found, all these tags.
    ///
    /// - Throws: `TagRefusal` if the site can't hold one of the names.
    package init(
        _ source: SiteIndex.Entry,
        as tags: [NewTag],
        in contents: SiteContents
    ) throws(TagRefusal) {
        (self.source, index) = (source, contents.index)
        index.note(source.manifest.digest, isMade: source.isMade)
        var seen: Set<NewTag> = []
        var others: [RepositoryName] = []
        for new in tags {
            let repository = new.repository ?? source.repository
            guard seen.insert(NewTag(repository, new.tag)).inserted else { continue }
            let entry = index.entry(repository, new.tag, source.manifest)
            guard new.tag.subject == nil || entry.listsReferrers(contents.graph) else {
                throw TagRefusal(reason: .listOfReferrers(new.tag))
            }
            set(repository, new.tag, to: source.manifest)
            if repository != source.repository, !others.contains(repository) {
                others.append(repository)
            }
        }
        for repository in others { bring(contents.graph, to: repository) }
        _ = index.dropShortReferrersTags(contents.graph)
        do throws(NamingError) { try index.checkNames() } catch { throw TagRefusal(reason: error) }
    }

    /// Whether the site has all names already.
    package var isEmpty: Bool { changes.allSatisfy { $0.kind == .unchanged } }

    private mutating func set(_ repository: RepositoryName, _ tag: Tag, to manifest: Descriptor) {
        let old = index.manifest(repository, tag)?.digest
        let kind: SiteMerge.Change.Kind =
            old == nil ? .added : old == manifest.digest ? .unchanged : .moved
        if kind != .unchanged { index.set(repository, tag, manifest) }
        let entry = index.entry(repository, tag, manifest)
        changes.append(Change(entry: entry, kind: kind, previous: kind == .moved ? old : nil))
    }

    /// Adds what refers to the image to another repository.
    ///
    /// A tag of cosign, such as `sha256-<hex>.sig`, never moves, because it may list more signatures
    /// there. Everything else is added by digest.
    private mutating func bring(_ graph: SiteGraph, to repository: RepositoryName) {
        for entry in index.attached(to: source, graph) {
            if let tag = entry.tag, tag.attachment != nil, tag.subject == nil {
                guard index.manifest(repository, tag) == nil else { continue }
                set(repository, tag, to: entry.manifest)
            } else {
                // The site renders lists of referrers itself.
                let isList = entry.listsReferrers(graph)
                let manifests = isList ? graph.children(entry.manifest) : [entry.manifest]
                for manifest in manifests { add(repository, manifest.listed) }
            }
        }
    }

    private mutating func add(_ repository: RepositoryName, _ manifest: Descriptor) {
        let before = index.entries(of: repository).first { $0.manifest.digest == manifest.digest }
        guard before?.isReplaced != false else { return }
        index.add(repository, manifest)
        let entry = index.entry(repository, nil, manifest)
        changes.append(Change(entry: entry, kind: .added, previous: nil))
    }
}

/// Why a site can't give an image a new tag; nothing changes.
package struct TagRefusal: Error, Hashable, Sendable {
    package let reason: NamingError
}

extension SiteIndex {
    /// The entries of the image's repository that refer to it, or to something that refers to it.
    fileprivate func attached(to image: Entry, _ graph: SiteGraph) -> [Entry] {
        var left = entries(of: image.repository).filter { !$0.isReplaced }
        var found: [Entry] = []
        var subjects = graph.manifests(below: image.manifest.digest)
        while !subjects.isEmpty {
            let new = left.filter { $0.isAttached(to: subjects, graph) }
            left.removeAll(where: Set(new).contains)
            found += new
            subjects = new.reduce(into: []) {
                $0.formUnion(graph.manifests(below: $1.manifest.digest))
            }
        }
        return found
    }
}

extension SiteIndex.Entry {
    fileprivate func isAttached(to subjects: Set<Digest>, _ graph: SiteGraph) -> Bool {
        if let tag, tag.subject != nil, !listsReferrers(graph) { return false }
        let own = graph.nodes[manifest.digest]?.manifest.subject
        return [own, tag?.attachment?.subject].contains { $0.map(subjects.contains) == true }
    }
}
