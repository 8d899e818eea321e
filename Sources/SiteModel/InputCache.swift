// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The input files of a site's images, their recipes, and the manifests that regstatic made.
///
/// They are only for output: `list` shows the input files and the recipes, and remedies for a
/// damaged site name the input files. The manifests are used only if index.json is lost.
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
        /// The name of the recipe that encoded layers of the image; nil if none did.
        package let recipe: String?
    }

    /// Where a manifest came from.
    fileprivate struct Origin: Hashable {
        /// Sorted file names.
        var inputs: [String] = []
        var recipe: String?
    }

    /// Entry name → manifest digest → origin.
    private var origins: [String: [Digest: Origin]] = [:]
    /// The listed manifests that regstatic made; nil if an older version wrote the record.
    package private(set) var made: Set<Digest>?

    /// Reads a record, and ignores all values that it can't parse.
    package init(_ json: JSON) {
        made = json[Self.madeKey]?.array
            .map { Set($0.compactMap { $0.string.flatMap { Digest($0) } }) }
        for entry in json.members ?? [] {
            for image in entry.value.members ?? [] {
                guard let digest = Digest(image.key) else { continue }
                origins[entry.key, default: [:]][digest] = Origin(image.value)
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
            var brought: [Digest: Origin] = [:]
            for image in change.images {
                let memory = known[image.input]?.byDigest ?? [:]
                let parts = [image.root] + graph.children(image.root)
                let remembered = parts.compactMap { part in
                    memory[part.digest].map { (part.digest, $0) }
                }
                for (digest, origin) in remembered {
                    brought[digest, default: Origin()].add(origin)
                }
                guard remembered.isEmpty else { continue }
                // If regstatic joined the images in an index, only the parts of the index came from
                // the input.
                let isWhole = image.root.digest == change.entry.manifest.digest
                let origin = Origin(inputs: [Self.fileName(image.input)], recipe: image.recipe)
                for part in isWhole ? [image.root] : parts {
                    brought[part.digest, default: Origin()].add(origin)
                }
            }
            for (digest, origin) in brought where origins[name]?[digest] == nil {
                origins[name, default: [:]][digest] = origin
            }
        }
    }

    /// Adds an input that brought entries as they are.
    package mutating func add(
        _ entries: [SiteIndex.Entry],
        from input: String,
        _ graph: SiteGraph
    ) {
        let origin = Origin(inputs: [Self.fileName(input)])
        for entry in entries {
            for part in [entry.manifest] + graph.children(entry.manifest)
            where origins[entry.name]?[part.digest] == nil {
                origins[entry.name, default: [:]][part.digest] = origin
            }
        }
    }

    /// Gives each name without a record the inputs that other names of the same image have.
    ///
    /// This finds the inputs of replaced images, and of images that the user gave another tag.
    package mutating func complete(for contents: SiteContents) {
        guard !origins.isEmpty else { return }
        let unknown = contents.index.entries.filter { origins(of: $0, contents.graph).isEmpty }
        guard !unknown.isEmpty else { return }
        let known = byDigest
        for entry in unknown {
            for manifest in [entry.manifest] + contents.graph.children(entry.manifest) {
                guard let origin = known[manifest.digest] else { continue }
                origins[entry.name, default: [:]][manifest.digest] = origin
            }
        }
    }

    /// Renders the record without images that the site no longer lists.
    package func kept(_ contents: SiteContents) -> FileContent {
        var all = self
        all.complete(for: contents)
        return all.file(contents)
    }

    private func file(_ contents: SiteContents) -> FileContent {
        let entries = contents.index.entries
        let made = Set(entries.filter(\.isMade).map(\.manifest.digest)).sorted()
        var writer = JSONWriter(capacity: origins.count * 200)
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
        let list = origins(of: entry, graph).sorted { $0.key < $1.key }
            .map { JSON.Member("\($0)", $1.json) }
        return list.isEmpty ? nil : JSON.Member(entry.name, .object(list))
    }

    /// The origins of an entry's manifest and of its children, under the name of the entry.
    private func origins(of entry: SiteIndex.Entry, _ graph: SiteGraph) -> [Digest: Origin] {
        guard let known = origins[entry.name] else { return [:] }
        let manifests = [entry.manifest] + graph.children(entry.manifest)
        return manifests.reduce(into: [:]) { $0[$1.digest] = known[$1.digest] }
    }

    /// The inputs of an entry's manifest and of its children.
    package func sources(of entry: SiteIndex.Entry, _ graph: SiteGraph) -> [Source] {
        guard let known = origins[entry.name] else { return [] }
        return ([entry.manifest] + graph.children(entry.manifest))
            .flatMap { manifest in
                guard let origin = known[manifest.digest] else { return [Source]() }
                return origin.inputs.map {
                    Source(input: $0, manifest: manifest, recipe: origin.recipe)
                }
            }
    }

    /// The input files of entries, sorted, even if the manifests of the entries are lost; empty if
    /// some of the files are unknown.
    ///
    /// Standard input and the working directory have no name that another command could use.
    package func inputs(of entries: [SiteIndex.Entry]) -> [String] {
        var all: Set<String> = []
        for entry in entries {
            let names = (origins[entry.name] ?? [:]).values.flatMap(\.inputs)
            guard !names.isEmpty, names.allSatisfy({ !["", "-", ".", ".."].contains($0) }) else {
                return []
            }
            all.formUnion(names)
        }
        return all.sorted()
    }

    private var byDigest: [Digest: Origin] {
        origins.values.reduce(into: [:]) { all, images in
            for (digest, origin) in images { all[digest, default: Origin()].add(origin) }
        }
    }

    /// `images/app.tar` becomes `app.tar`, `./` becomes `.`, and `-` (standard input) stays `-`.
    private static func fileName(_ input: String) -> String {
        input.split(separator: "/").last.map(String.init) ?? input
    }
}

extension InputCache.Origin {
    /// Reads `["app.tar"]`, or `{"inputs": ["app.tar"], "recipe": "gzip-1-v3"}`; nil if the value
    /// has another type.
    fileprivate init?(_ json: JSON) {
        guard let names = json.array ?? json["inputs"]?.array else { return nil }
        self.init(inputs: names.compactMap(\.string), recipe: json["recipe"]?.string)
    }

    fileprivate mutating func add(_ other: InputCache.Origin) {
        inputs = Set(inputs + other.inputs).sorted()
        recipe = recipe ?? other.recipe
    }

    fileprivate var json: JSON {
        let names = JSON.array(inputs.map(JSON.string))
        guard let recipe else { return names }
        return .object(["inputs": names, "recipe": .string(recipe)])
    }
}
