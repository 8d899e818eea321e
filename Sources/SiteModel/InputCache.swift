// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The input files of a site's images, and the manifests that regstatic made.
///
/// Only `list` uses the names of the input files, and the manifests are used only if index.json is
/// lost.
///
/// The record is in .regstatic, so `index.json` and all served files don't depend on the name of an
/// archive. An image keeps the names from the run that added it. Later inputs that also contain the
/// image are not recorded.
package struct InputCache: Sendable {
    /// An input, and a manifest that came from it: an entry's own manifest, or a child of an
    /// entry's index.
    package struct Source: Hashable, Sendable {
        package let input: String
        package let manifest: Descriptor
    }

    /// Entry name → manifest digest → sorted file names.
    private var inputs: [String: [Digest: [String]]] = [:]
    /// The listed manifests that regstatic made; nil if an older version wrote the record.
    package private(set) var made: Set<Digest>?

    /// Reads a record, and ignores all values that it can't parse.
    package init(_ json: JSON) {
        made = json[Self.madeKey]?.array
            .map { Set($0.compactMap { $0.string.flatMap { Digest($0) } }) }
        for entry in json.members ?? [] {
            for image in entry.value.members ?? [] {
                guard let digest = Digest(image.key) else { continue }
                inputs[entry.key, default: [:]][digest] = image.value.array?.compactMap(\.string)
            }
        }
    }

    /// This key can't be the name of an entry, because every such name contains a colon.
    private static let madeKey = "made"

    /// Adds the inputs of a run; `known` has the records of inputs that are sites themselves.
    package mutating func add(
        _ changes: [SiteMerge.Change],
        known: [String: InputCache],
        _ graph: SiteGraph
    ) {
        for change in changes {
            let name = change.entry.name
            var brought: [Digest: Set<String>] = [:]
            for image in change.images {
                let memory = known[image.input]?.byDigest ?? [:]
                let parts = [image.root] + graph.children(image.root)
                let remembered = parts.filter { memory[$0.digest] != nil }
                for part in remembered {
                    brought[part.digest, default: []].formUnion(memory[part.digest] ?? [])
                }
                guard remembered.isEmpty else { continue }
                // If regstatic joined the images in an index, only the parts of the index came from
                // the input.
                let isWhole = image.root.digest == change.entry.manifest.digest
                for part in isWhole ? [image.root] : parts {
                    brought[part.digest, default: []].insert(Self.fileName(image.input))
                }
            }
            for (digest, names) in brought where inputs[name]?[digest] == nil {
                inputs[name, default: [:]][digest] = names.sorted()
            }
        }
    }

    /// Renders the record without images that the site no longer lists.
    package func kept(_ contents: SiteContents) -> FileContent {
        let entries = contents.index.entries
        let made = Set(entries.filter(\.isMade).map(\.manifest.digest)).sorted()
        var writer = JSONWriter(capacity: inputs.count * 200)
        writer.beginObject()
        for entry in entries {
            guard let member = member(of: entry, contents.graph) else { continue }
            writer.add(member.key, member.value)
        }
        writer.add(Self.madeKey, .array(made.map { .string($0.description) }))
        writer.endObject()
        return FileContent(SitePath.inputs, writer.bytes)
    }

    /// Renders the inputs of an entry; nil if none is known.
    private func member(of entry: SiteIndex.Entry, _ graph: SiteGraph) -> JSON.Member? {
        let images = sources(of: entry, graph)
        let digests = Dictionary(grouping: images, by: \.manifest.digest)
        let list = digests.sorted { $0.key < $1.key }
            .map { digest, sources in
                JSON.Member("\(digest)", .array(sources.map { .string($0.input) }))
            }
        return list.isEmpty ? nil : JSON.Member(entry.name, .object(list))
    }

    /// The inputs of an entry's manifest and of its children.
    package func sources(of entry: SiteIndex.Entry, _ graph: SiteGraph) -> [Source] {
        guard let images = inputs[entry.name] else { return [] }
        return ([entry.manifest] + graph.children(entry.manifest))
            .flatMap { manifest in
                (images[manifest.digest] ?? []).map { Source(input: $0, manifest: manifest) }
            }
    }

    private var byDigest: [Digest: Set<String>] {
        inputs.values.reduce(into: [:]) { all, images in
            for (digest, names) in images { all[digest, default: []].formUnion(names) }
        }
    }

    /// `images/app.tar` becomes `app.tar`, `./` becomes `.`, and `-` (standard input) stays `-`.
    private static func fileName(_ input: String) -> String {
        input.split(separator: "/").last.map(String.init) ?? input
    }
}
