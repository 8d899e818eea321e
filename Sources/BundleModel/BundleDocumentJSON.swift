// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

// The JSON form of bundle.json, which is canonical.
extension BundleDocument {
    /// Reads a bundle.json.
    ///
    /// - Throws: `BundleError.format`, `.damaged`.
    package init(_ json: JSON) throws(BundleError) {
        guard let format = json["format"]?.integer else { throw .damaged(Self.path) }
        guard format == Self.format else { throw .format(format) }
        guard let index = json["index"]?.digest else { throw Self.invalid("index") }
        self.init(index: index)
        tags = try Self.list(json, of: "tags", Tag.init)
        removed = try Self.list(json, of: "removed", Tag.init)
        needs = try Self.list(json, of: "needs", BundleNeed.init)
        carries = try Self.list(json, of: "carries", Content.init)
        patches = try Self.list(json, of: "patches", Patch.init)
        volumes = try Self.list(json, of: "volumes") { volume in
            guard let list = volume.array else { return nil }
            let parts = list.compactMap(Part.init)
            return parts.count == list.count ? Volume(parts: parts) : nil
        }
        guard volumes.count <= Self.maximumVolumes else { throw Self.invalid("volumes") }
        try check()
    }

    /// The maximum number of volumes: their names end with three digits.
    package static let maximumVolumes = 999

    /// The maximum size in bytes of all content that a bundle contains or requires, so that sums of
    /// sizes can't overflow.
    package static let maximumContent = 1 << 60

    private func checkSizes() throws(BundleError) {
        let layers = patches.flatMap { [$0.layer.size, $0.rawSize] }
        var sum = 0
        for size in needs.map(\.size) + contents.map(\.size) + layers {
            sum += size
            guard sum <= Self.maximumContent else { throw Self.invalid("sizes") }
        }
    }

    /// Checks that content has one place, and that the volumes have exactly the content.
    private func check() throws(BundleError) {
        try checkSizes()
        let made = patches.map(\.layer.digest)
        let places = needs.map(\.digest) + carries.map(\.digest) + made
        guard Set(places).count == places.count else { throw Self.invalid("content") }
        let patched = Dictionary(grouping: contents, by: \.digest)
        guard patched.count == contents.count else { throw Self.invalid("content") }
        guard !volumes.isEmpty else { return }
        var sizes: [Digest: Int] = [:]
        var pieces: [Digest: Int] = [:]
        for part in volumes.flatMap(\.parts) {
            // The pieces of a blob are in order, so that the parts of a later volume continue it.
            guard part.piece == nil || part.piece == pieces[part.content, default: 0],
                part.piece != nil || part.digest == part.content && sizes[part.content] == nil
            else { throw Self.invalid("volumes") }
            pieces[part.content, default: 0] += 1
            let (size, overflow) = sizes[part.content, default: 0]
                .addingReportingOverflow(part.size)
            guard !overflow else { throw Self.invalid("volumes") }
            sizes[part.content] = size
        }
        guard sizes == patched.mapValues({ $0[0].size }) else { throw Self.invalid("volumes") }
    }

    private static func invalid(_ key: String) -> BundleError { .damaged("\(key) in \(path)") }

    private static func list<Value>(
        _ json: JSON,
        of key: String,
        _ read: (JSON) -> Value?
    ) throws(BundleError) -> [Value] {
        guard let list = json[key]?.array else { throw invalid(key) }
        let values = list.compactMap(read)
        guard values.count == list.count else { throw invalid(key) }
        return values
    }

    /// The document, with the digest on which signatures and volumes agree.
    package var document: RawDocument {
        RawDocument(
            writing: .object([
                "format": .integer(Self.format),
                "index": .string("\(index)"),
                "tags": .array(tags.map(\.json)),
                "removed": .array(removed.map(\.json)),
                "needs": .array(
                    needs.map { need in
                        .array([
                            .string("\(need.digest)"), .integer(need.size), .string(need.purpose),
                        ])
                    }
                ),
                "carries": .array(carries.map(\.json)),
                "patches": .array(patches.map(\.json)),
                "volumes": .array(volumes.map { .array($0.parts.map(\.json)) }),
            ])
        )
    }
}

extension JSON {
    fileprivate var digest: Digest? { string.flatMap { Digest($0) } }

    /// A size in bytes, at most that of a descriptor.
    fileprivate var size: Int? {
        integer.flatMap { (0...Descriptor.maximumSize).contains($0) ? $0 : nil }
    }
}

extension BundleDocument.Tag {
    fileprivate init?(_ json: JSON) {
        guard let name = json["name"]?.string, let manifest = json["digest"]?.digest else {
            return nil
        }
        let previous = json["previous"]
        guard previous == nil || previous?.digest != nil else { return nil }
        self.init(name: name, manifest: manifest, previous: previous?.digest)
    }

    fileprivate var json: JSON {
        .object([
            "name": .string(name), "digest": .string("\(manifest)"),
            "previous": previous.map { .string("\($0)") },
        ])
    }
}

extension BundleNeed {
    fileprivate init?(_ json: JSON) {
        guard let list = json.array, list.count == 3, let digest = list[0].digest,
            let size = list[1].size, let purpose = list[2].string
        else { return nil }
        self.init(digest: digest, size: size, purpose: purpose)
    }
}

extension BundleDocument.Content {
    fileprivate init?(_ json: JSON) {
        guard let list = json.array, list.count == 2, let digest = list[0].digest,
            let size = list[1].size
        else { return nil }
        self.init(digest: digest, size: size)
    }

    fileprivate var json: JSON { .array([.string("\(digest)"), .integer(size)]) }
}

extension BundleDocument.Patch {
    fileprivate init?(_ json: JSON) {
        guard let layer = json["layer"].flatMap(BundleDocument.Content.init),
            let diffID = json["diffID"]?.digest, let rawSize = json["rawSize"]?.size,
            let recipe = json["recipe"]?.string, let list = json["bases"]?.array,
            let patch = json["patch"].flatMap(BundleDocument.Content.init)
        else { return nil }
        let bases = list.compactMap(\.digest)
        guard bases.count == list.count, (1...Self.maximumBases).contains(bases.count) else {
            return nil
        }
        self.init(
            layer: layer,
            diffID: diffID,
            rawSize: rawSize,
            recipe: recipe,
            bases: bases,
            patch: patch
        )
    }

    /// The maximum number of raw layers on which a patch is based.
    package static let maximumBases = 16

    fileprivate var json: JSON {
        .object([
            "layer": layer.json, "diffID": .string("\(diffID)"), "rawSize": .integer(rawSize),
            "recipe": .string(recipe), "bases": .array(bases.map { .string("\($0)") }),
            "patch": patch.json,
        ])
    }
}

extension BundleDocument.Part {
    fileprivate init?(_ json: JSON) {
        guard let content = json["content"]?.digest, let size = json["bytes"]?.size else {
            return nil
        }
        guard let piece = json["piece"] else {
            self.init(content: content, piece: nil, size: size, digest: content)
            return
        }
        guard let number = piece.integer, number >= 0, let digest = json["digest"]?.digest else {
            return nil
        }
        self.init(content: content, piece: number, size: size, digest: digest)
    }

    fileprivate var json: JSON {
        .object([
            "content": .string("\(content)"), "bytes": .integer(size),
            "piece": piece.map(JSON.integer), "digest": piece.map { _ in .string("\(digest)") },
        ])
    }
}
