// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

/// A fact that an earlier run recorded about a layer, so that later runs needn't repeat the work.
///
/// A record is only a hint. Callers hash the layer and the blob again. They trust the record only
/// for a blob's diffID, which was checked when the blob was written.
package struct LayerCacheEntry: Hashable, Sendable {
    package enum Topic: Hashable, Sendable {
        /// Maps the diffID of a raw layer to the blob that a recipe made from it.
        case encoded(recipe: String)
        /// Maps a compressed blob to the diffID of its content.
        case decoded
    }

    package let topic: Topic
    /// The digest that is looked up.
    package let key: Digest
    /// The digest that `key` maps to.
    package let digest: Digest
    /// Size of the blob in bytes.
    package let size: Int

    package init(_ topic: Topic, of key: Digest, digest: Digest, size: Int) {
        self.topic = topic
        self.key = key
        self.digest = digest
        self.size = size
    }
}

extension BlobStore {
    /// Reads the record of a layer; nil if there is none.
    package func record(
        _ topic: LayerCacheEntry.Topic,
        of key: Digest
    ) throws(FileError) -> LayerCacheEntry? {
        guard let bytes = try folder.contents(topic.path(key), limit: 256) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let digest = Digest(parts[0]), let size = Int(parts[1]), size >= 0
        else { return nil }
        return LayerCacheEntry(topic, of: key, digest: digest, size: size)
    }

    /// Writes records without a flush, because a record lost in a power failure is just made again.
    package func keep(_ records: [LayerCacheEntry]) throws(FileError) {
        for topic in Set(records.map(\.topic)) { try folder.makeFolders(topic.folder) }
        let files = records.map { record in
            FileContent(
                record.topic.path(record.key),
                Array("\(record.digest) \(record.size)\n".utf8)
            )
        }
        try folder.write(files, flushing: false)
    }

    /// Removes the records of blobs that no longer exist.
    package func forgetRecords() throws(FileError) {
        let root = LayerCacheEntry.Topic.root
        for topic in try folder.names(in: root) {
            for name in try folder.names(in: "\(root)/\(topic)") {
                let path = "\(root)/\(topic)/\(name)"
                guard let bytes = try folder.contents(path, limit: 256) else { continue }
                let text = String(decoding: bytes, as: UTF8.self)
                let first = text.split(separator: " ").first.flatMap { Digest($0) }
                let blob = topic == LayerCacheEntry.Topic.decodedName ? Digest(hex: name) : first
                if let blob, try size(of: blob) != nil { continue }
                _ = try folder.remove(present: [path])
            }
        }
    }
}

extension LayerCacheEntry.Topic {
    fileprivate static let root = "\(BlobStore.state)/layers"
    fileprivate static let decodedName = "decoded"

    fileprivate var folder: String {
        let name =
            switch self {
            case .encoded(let recipe): recipe
            case .decoded: Self.decodedName
            }
        return "\(Self.root)/\(name)"
    }

    fileprivate func path(_ key: Digest) -> String { "\(folder)/\(key.hex)" }
}
