// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
package import OCI
package import Store
internal import Synchronization

/// A member that was stored while its archive passed by.
package struct SpooledMember: Sendable {
    package let blob: StagedBlob
    /// The digest of the uncompressed bytes, or why it can't be had.
    package let diffID: Result<Digest, SourceFault>
    /// What the blob is encoded in.
    package let encoding: LayerEncoding
    /// Whether that is our doing: the member's own bytes are inside the blob then.
    package let isRecoded: Bool
}

/// An archive that can be read only once, in order: a pipe, or a compressed file.
///
/// Its metadata often comes last, so every member is stored as what it most likely is: a tar is
/// taken for a layer and encoded at once, everything else is kept. No copy of the whole is made.
struct SpooledArchive: MemberSource {
    let members: MemberTable
    private let spooled: [Int: SpooledMember]
    private let store: BlobStore

    init(
        _ source: any ByteSource,
        store: BlobStore,
        recipe: Recipe,
        threads: Int,
        progress: any Progress
    ) throws(SourceFault) {
        let job = try SpoolJob(source, store: store, recipe: recipe, progress: progress)
        WorkerPool.run([job], threads: threads, recipe: recipe)
        (members, spooled) = try job.result()
        self.store = store
    }

    func spooled(_ file: MemberFile) -> SpooledMember? { spooled[file.location] }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource {
        guard let spooled = spooled[file.location] else { throw .truncated }
        let source: StagedSource
        do {
            source = StagedSource(try store.reader(staged: spooled.blob))
        } catch {
            throw .system(operation: error.operation, errno: error.code)
        }
        guard spooled.isRecoded else { return source }
        return try StreamFormat(spooled.encoding).decompressing(source)
    }
}

private final class StagedSource: ByteSource {
    private let reader: FileReader

    init(_ reader: FileReader) { self.reader = reader }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        do {
            return unsafe try reader.read(into: buffer)
        } catch {
            throw .system(operation: error.operation, errno: error.code)
        }
    }
}
