// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import BundleModel
internal import Inputs
internal import OCI
internal import SiteModel
internal import Store
internal import Streams

/// The tar of a bundle or of a volume: the documents, then the parts.
///
/// The same bundle makes the same bytes. bundle.json is the first member, so that the form of the
/// file shows in its first bytes.
final class BundleTar {
    private let store: BlobStore
    /// The store of the patches.
    private let scratch: BlobStore
    private let patches: Set<Digest>
    private let document: BundleDocument
    private let documents: [FileContent]
    /// Blobs of which some pieces are written.
    private var readers: [Digest: FileReader] = [:]

    init(
        _ document: BundleDocument,
        index: SiteIndex,
        signature: [UInt8]?,
        from store: BlobStore,
        patchesFrom scratch: BlobStore
    ) {
        (self.store, self.scratch, self.document) = (store, scratch, document)
        patches = Set(document.patches.map(\.patch.digest))
        documents = Self.documents(document, index: index, signature: signature)
    }

    private static func documents(
        _ document: BundleDocument,
        index: SiteIndex,
        signature: [UInt8]? = nil
    ) -> [FileContent] {
        var documents = [FileContent(BundleDocument.path, document.document.bytes)]
        if let signature {
            documents.append(FileContent(BundleDocument.signaturePath, signature))
        }
        return documents + [SitePlan.ociLayout, FileContent(SiteIndex.path, index.bytes)]
    }

    /// The sizes of the bundle's files in bytes, without signatures.
    static func sizes(_ document: BundleDocument, _ index: SiteIndex) -> [Int] {
        let own = documents(document, index: index).reduce(0) { $0 + size($1.bytes.count) }
        let volumes: [Int?] =
            document.volumes.isEmpty ? [nil] : Array(document.volumes.indices)
        return volumes.map { volume in
            document.parts(of: volume).reduce(own + TarHeader.end.count) { $0 + size($1.size) }
        }
    }

    /// The maximum size in bytes of the documents of a volume.
    static func overhead(_ document: BundleDocument, _ index: SiteIndex, limit: Int) -> Int {
        let own = documents(document, index: index).reduce(0) { $0 + size($1.bytes.count) }
        let parts = VolumePlan.maximumParts(of: document.contents, limit: limit)
        return own + size(maximumPart * parts) + size(expectedSignature)
    }

    /// The maximum size of a part in bundle.json in bytes.
    private static let maximumPart = 256
    /// The space for a signature in a volume in bytes; OpenSSH's signatures take 300 to 3,000.
    static let expectedSignature = 8 << 10

    private static func size(_ content: Int) -> Int {
        TarHeader.blockSize + content + TarHeader.padding(after: content).count
    }

    /// Writes the bundle or one of its volumes, which gets its name when it is complete.
    func write(volume: Int?, to path: String, progress: any Progress) throws {
        let output = try OutputFile(path: path)
        for file in documents {
            try output.write(TarHeader(path: file.path, size: file.bytes.count).bytes)
            try output.write(file.bytes)
            try output.write(TarHeader.padding(after: file.bytes.count))
        }
        for part in document.parts(of: volume) {
            try output.write(TarHeader(path: part.path, size: part.size).bytes)
            try write(part, to: output, progress)
            try output.write(TarHeader.padding(after: part.size))
        }
        try output.write(TarHeader.end)
        try output.finish()
    }

    private func write(
        _ part: BundleDocument.Part,
        to output: OutputFile,
        _ progress: any Progress
    ) throws {
        let store = patches.contains(part.content) ? scratch : store
        guard part.piece != nil else {
            try store.copy(part.content, size: part.size, to: output) { progress.advance($0) }
            return
        }
        let reader = try readers[part.content] ?? store.reader(of: part.content)
        readers[part.content] = reader
        let found = try unsafe reader.digest(ofNext: part.size) { (bytes) throws(FileError) in
            unsafe try output.write(bytes)
            progress.advance(bytes.count)
        }
        guard found == part.digest else {
            throw BlobError.mismatch(expected: part.digest, found: found ?? part.content)
        }
    }
}
