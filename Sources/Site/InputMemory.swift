// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Inputs
internal import Store
package import Streams

/// From which inputs a site's images came, by the names of their files: for `list`, and for nothing else.
///
/// It is the site's own state, beside what is known of layers: `index.json` and all that is served are
/// the same whatever an archive was called. Who brought an image is remembered, not who had it, too.
package struct InputMemory: Sendable {
    /// An image that an input brought, by itself or as one of an index.
    package struct Source: Hashable, Sendable {
        package let input: String
        package let manifest: Descriptor
    }

    /// By the entry's name, by the manifest's digest: names of files, sorted.
    private var inputs: [String: [Digest: [String]]] = [:]

    /// Reads what a site remembers; what can't be read is forgotten.
    fileprivate init(_ folder: Folder) throws(FileError) {
        let path = SiteMemory.inputs
        let bytes = try folder.contents(path, limit: JSONLimits.list.bytes)
        self.init(bytes.flatMap { try? JSON(parsing: $0, limits: .list) } ?? .null)
    }

    init(_ json: JSON) {
        for entry in json.members ?? [] {
            for image in entry.value.members ?? [] {
                guard let digest = Digest(image.key) else { continue }
                inputs[entry.key, default: [:]][digest] = image.value.array?.compactMap(\.string)
            }
        }
    }

    /// Adds what a run brought; `known` is what inputs that are sites remember.
    mutating func add(
        _ changes: [SiteMerge.Change],
        known: [String: InputMemory],
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
                // A joined index has the parts, not what listed them.
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

    /// Forgets what the site doesn't list any more.
    func kept(_ index: SiteIndex, _ graph: SiteGraph) -> FileContent {
        let members = index.entries.compactMap { entry -> JSON.Member? in
            let images = sources(of: entry, graph)
            let digests = Dictionary(grouping: images, by: \.manifest.digest)
            let list = digests.sorted { $0.key < $1.key }
                .map { digest, sources in
                    JSON.Member("\(digest)", .array(sources.map { .string($0.input) }))
                }
            return list.isEmpty ? nil : JSON.Member(entry.name, .object(list))
        }
        return FileContent(SiteMemory.inputs, JSON.object(members).canonicalBytes)
    }

    /// Where an entry came from: the image, or those of its index.
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

    /// `images/app.tar` is `app.tar`, `./` and the like what they are called; `-` is standard input.
    private static func fileName(_ input: String) -> String {
        input.split(separator: "/").last.map(String.init) ?? input
    }
}

extension SiteFolder {
    /// From which inputs its images came, as far as it remembers.
    package func inputs() throws(FileError) -> InputMemory { try InputMemory(store.folder) }
}
