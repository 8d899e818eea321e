// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
internal import Inputs
internal import OCI
internal import SiteModel
internal import Store
internal import Streams

/// The way of a bundle's content into the store of a site.
///
/// Pieces and patches are blobs of the store, too, until the content is made of them. So everything
/// that was copied once stays, and is checked when it is used.
package struct BundleParts {
    /// A part of a bundle that can't be used.
    package struct Damage {
        /// The bundle's file.
        package let path: String
        package let part: BundleDocument.Part
        package let cause: any Error
    }

    private let bundle: BundleFiles
    private let store: BlobStore
    private var document: BundleDocument { bundle.document }
    /// The pieces of the content that is in pieces, in order.
    private let pieces: [Digest: [BundleDocument.Part]]

    init(_ bundle: BundleFiles, _ store: BlobStore) {
        (self.bundle, self.store) = (bundle, store)
        pieces = Dictionary(
            grouping: bundle.document.volumes.flatMap(\.parts).filter { $0.piece != nil },
            by: \.content
        )
    }

    /// Copies all parts at hand into the store, except those that it has or no longer needs, and makes
    /// the content of which all pieces are there.
    ///
    /// - Returns: the parts that can't be used; all others are kept.
    /// - Throws: `BundleFailure` if the pieces of a blob don't make it, `FileError`.
    func take(progress: any Progress) throws -> [Damage] {
        let damaged = try copyParts(progress: progress)
        guard try !join() else { return damaged }
        // Pieces from an earlier run were damaged in the store; their volumes may be at hand.
        let rest = try copyParts(progress: progress)
        _ = try join()
        return rest
    }

    private func copyParts(progress: any Progress) throws -> [Damage] {
        let missing = try missingContent()
        let parts = try bundle.files.map { file in
            (
                file,
                try file.parts.filter {
                    try missing.contains($0.content) && !has($0.digest, $0.size)
                }
            )
        }
        let sizes = parts.flatMap { $0.1.map(\.size) }
        // Joining pieces needs their space once more.
        let joined = document.contents.filter {
            missing.contains($0.digest) && pieces[$0.digest] != nil
        }
        let made = try document.patches.map(\.layer).filter { try !has($0.digest, $0.size) }
        try store.checkRoom(sizes + (joined + made).map(\.size))
        progress.expect(sizes.reduce(0, +))
        var damaged: [Damage] = []
        var staged = Batch(store)
        for (file, parts) in parts {
            for part in parts {
                do { try staged.add(copy(part, of: file, progress)) } catch let error as FileError {
                    throw error
                } catch {
                    damaged.append(Damage(path: file.path, part: part, cause: error))
                }
            }
        }
        try staged.commit()
        return damaged
    }

    /// The content that the store lacks: blobs, and patches whose layers it lacks.
    private func missingContent() throws -> Set<Digest> {
        var missing: Set<Digest> = []
        for content in document.carries where try !has(content.digest, content.size) {
            missing.insert(content.digest)
        }
        for patch in document.patches where try !has(patch.layer.digest, patch.layer.size) {
            guard try !has(patch.patch.digest, patch.patch.size) else { continue }
            missing.insert(patch.patch.digest)
        }
        return missing
    }

    /// The volumes (from 0) that have parts which are still missing.
    func missingVolumes() throws -> [Int] {
        let missing = try missingContent()
        guard !document.volumes.isEmpty else { return missing.isEmpty ? [] : [0] }
        return try document.volumes.indices.filter { volume in
            try document.volumes[volume].parts
                .contains { part in
                    try missing.contains(part.content) && !has(part.digest, part.size)
                }
        }
    }

    /// Blobs that the store needs only until the bundle is applied.
    var temporary: [Digest] {
        pieces.values.joined().map(\.digest) + document.patches.map(\.patch.digest)
    }

    private func has(_ digest: Digest, _ size: Int) throws -> Bool {
        try store.size(of: digest) == size
    }

    /// Copies a part, and checks its digest.
    private func copy(
        _ part: BundleDocument.Part,
        of file: BundleFile,
        _ progress: any Progress
    ) throws -> StagedBlob {
        let source = file.open(part)
        let writer = try store.makeWriter()
        do {
            while true {
                let bytes = try source.bytes(Self.bufferSize)
                guard !bytes.isEmpty else { break }
                try writer.write(bytes)
                progress.advance(bytes.count)
            }
            let blob = try writer.finish()
            guard blob.digest == part.digest else {
                throw BundleError.content(
                    member: part.path,
                    expected: part.digest,
                    found: blob.digest
                )
            }
            return blob
        } catch {
            try writer.discard()
            throw error
        }
    }

    private static let bufferSize = 1 << 20

    /// Makes all blobs of which all pieces are there.
    ///
    /// - Returns: whether the pieces were intact; those that were not are removed from the store.
    private func join() throws -> Bool {
        var isIntact = true
        for content in document.contents where pieces[content.digest] != nil {
            guard try !has(content.digest, content.size) else { continue }
            if try !join(content) { isIntact = false }
        }
        return isIntact
    }

    private func join(_ content: BundleDocument.Content) throws -> Bool {
        let parts = pieces[content.digest] ?? []
        guard try parts.allSatisfy({ try has($0.digest, $0.size) }) else { return true }
        let writer = try store.makeWriter()
        var current: BundleDocument.Part?
        do {
            for part in parts {
                current = part
                try store.append(part.digest, size: part.size, to: writer)
            }
        } catch is BlobError {
            try writer.discard()
            if let current { _ = try store.folder.remove(present: [current.digest.blobPath]) }
            return false
        }
        let blob = try writer.finish()
        guard blob.digest == content.digest else {
            try writer.discard()
            let cause = BundleError.content(
                member: content.digest.blobPath,
                expected: content.digest,
                found: blob.digest
            )
            throw BundleFailure(path: bundle.files[0].path, cause: cause)
        }
        try store.commit([blob])
        return true
    }
}

/// Staged blobs that reach the store together, so that an interrupted run loses little work.
private struct Batch {
    private let store: BlobStore
    private var blobs: [StagedBlob] = []
    private var bytes = 0

    init(_ store: BlobStore) { self.store = store }

    mutating func add(_ blob: StagedBlob) throws(FileError) {
        blobs.append(blob)
        bytes += blob.size
        if bytes >= Self.size { try commit() }
    }

    mutating func commit() throws(FileError) {
        try store.commit(blobs)
        (blobs, bytes) = ([], 0)
    }

    /// Bytes.
    private static let size = 256 << 20
}
