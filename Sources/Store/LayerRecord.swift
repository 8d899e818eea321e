// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

/// What an earlier run found out about a layer, so that work needn't be done twice.
///
/// A record is a hint of the site's own: whoever uses it hashes the layer and the blob again, and
/// takes its word only for what is inside a blob, which was checked when the blob was written.
package struct LayerRecord: Hashable, Sendable {
    package enum Topic: Hashable, Sendable {
        /// From the diffID of a raw layer to the blob that a recipe made of it.
        case encoded(recipe: String)
        /// From a compressed blob to the diffID that is inside it.
        case decoded
    }

    package let topic: Topic
    /// What is asked about.
    package let key: Digest
    /// The answer.
    package let digest: Digest
    /// Bytes of the blob.
    package let size: Int

    package init(_ topic: Topic, of key: Digest, digest: Digest, size: Int) {
        self.topic = topic
        self.key = key
        self.digest = digest
        self.size = size
    }
}

extension BlobStore {
    /// The record on a layer; nil if none is known.
    package func record(
        _ topic: LayerRecord.Topic,
        of key: Digest
    ) throws(FileError) -> LayerRecord? {
        guard let bytes = try folder.contents(topic.path(key), limit: 256) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let digest = Digest(parts[0]), let size = Int(parts[1]), size >= 0
        else { return nil }
        return LayerRecord(topic, of: key, digest: digest, size: size)
    }

    /// Keeps records, without a flush: one that a power cut loses is only made again.
    package func keep(_ records: [LayerRecord]) throws(FileError) {
        for topic in Set(records.map(\.topic)) { try folder.makeFolders(topic.folder) }
        let files = records.map { record in
            FileContent(
                record.topic.path(record.key),
                Array("\(record.digest) \(record.size)\n".utf8)
            )
        }
        try folder.write(files, flushing: false)
    }

    /// Forgets what is known of blobs that are not there any more.
    package func forgetRecords() throws(FileError) {
        let root = LayerRecord.Topic.root
        for topic in try folder.names(in: root) {
            for name in try folder.names(in: "\(root)/\(topic)") {
                let path = "\(root)/\(topic)/\(name)"
                guard let bytes = try folder.contents(path, limit: 256) else { continue }
                let text = String(decoding: bytes, as: UTF8.self)
                let first = text.split(separator: " ").first.flatMap { Digest($0) }
                let blob = topic == LayerRecord.Topic.decodedName ? Digest(hex: name) : first
                if let blob, try size(of: blob) != nil { continue }
                _ = try folder.remove(present: [path])
            }
        }
    }
}

extension LayerRecord.Topic {
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
