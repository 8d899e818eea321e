// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
package import OCI
internal import Streams

/// A fact that an earlier run recorded about a layer, so that later runs needn't repeat the work.
///
/// A record is only a hint, because callers hash the layer and the blob again. They trust a record
/// only for the diffID of a blob, because this diffID was checked when the blob was written.
package struct LayerCacheEntry: Hashable, Sendable {
    package enum Topic: Hashable, Sendable {
        /// Maps the diffID of a raw layer to the blob that a recipe made from it.
        case encoded(recipe: String)
        /// Maps a compressed blob to the diffID of its content.
        case decoded
    }

    package let topic: Topic
    /// The digest by which callers find the record.
    package let key: Digest
    /// The digest that the record gives for `key`.
    package let digest: Digest
    /// Size of the blob in bytes.
    package let size: Int
    /// The annotations for the descriptor of the layer, which a manifest of a later run needs, too.
    package let annotations: [JSON.Member]

    package init(
        _ topic: Topic,
        of key: Digest,
        digest: Digest,
        size: Int,
        annotations: [JSON.Member] = []
    ) {
        self.topic = topic
        self.key = key
        self.digest = digest
        self.size = size
        self.annotations = annotations
    }

    /// Reads the text of a record; nil if the text is damaged.
    fileprivate init?(_ text: String, _ topic: Topic, of key: Digest) {
        let parts = text.split(maxSplits: 2, whereSeparator: \.isWhitespace)
        guard parts.count >= 2, let digest = Digest(parts[0]), let size = Int(parts[1]), size >= 0
        else { return nil }
        var annotations: [JSON.Member] = []
        if parts.count == 3 {
            guard let json = try? JSON(parsing: Array(parts[2].utf8)), let members = json.members
            else { return nil }
            annotations = members
        }
        self.init(topic, of: key, digest: digest, size: size, annotations: annotations)
    }

    fileprivate var text: String {
        guard !annotations.isEmpty else { return "\(digest) \(size)\n" }
        let json = JSON.object(annotations).canonicalBytes
        return "\(digest) \(size) \(String(decoding: json, as: UTF8.self))\n"
    }
}

/// The records of layers in the user's cache folder.
///
/// Records are never stored in a site, because a site on an untrusted medium could then claim that
/// a layer is a different layer. All errors of the cache are ignored, because a layer without a
/// record is just read again.
package struct LayerCache: Sendable {
    private let folder: Folder?

    /// Opens a cache; if the path is nil, there is no cache.
    package init(_ path: String?) {
        folder = path.flatMap { try? Folder($0, creating: true) }
    }

    /// The maximum number of records for a topic, more than a machine needs in years; a full topic
    /// is emptied.
    private static let maximumRecords = 20_000

    /// The maximum size of a record in bytes.
    private static let maximumRecordSize = 4096

    /// Reads the record of a layer; nil if there is none.
    package func record(_ topic: LayerCacheEntry.Topic, of key: Digest) -> LayerCacheEntry? {
        let limit = Self.maximumRecordSize
        guard let bytes = try? folder?.contents(topic.path(key), limit: limit) else { return nil }
        return LayerCacheEntry(String(decoding: bytes, as: UTF8.self), topic, of: key)
    }

    /// Writes records without a flush, because a record that is lost in a power failure is made
    /// again.
    package func keep(_ records: [LayerCacheEntry]) {
        guard let folder else { return }
        for topic in Set(records.map(\.topic)) {
            try? folder.makeFolders(topic.folder)
            let count = (try? folder.names(in: topic.folder).count) ?? 0
            if count > Self.maximumRecords { folder.clear(topic.folder) }
        }
        for record in records where self.record(record.topic, of: record.key) != record {
            let path = record.topic.path(record.key)
            let temporary = "\(path).\(getpid())"
            let text = Array(record.text.utf8)
            if (try? folder.create(temporary, text)) == nil {
                // Remove the temporary file and try again, because a killed run with the same
                // process ID may have left it.
                try? folder.remove(temporary)
                guard (try? folder.create(temporary, text)) != nil else { continue }
            }
            try? folder.rename(temporary, to: path)
        }
    }
}

extension LayerCacheEntry.Topic {
    fileprivate var folder: String {
        switch self {
        case .encoded(let recipe): "layers/\(recipe)"
        case .decoded: "layers/decoded"
        }
    }

    fileprivate func path(_ key: Digest) -> String { "\(folder)/\(key.hex)" }
}
