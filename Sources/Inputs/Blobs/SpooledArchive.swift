// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// An archive that can be read only once, in order: a pipe, or a compressed file.
///
/// The archive's metadata often comes last, so every member is stored in the form that an image
/// most likely needs. A tar is assumed to be a layer and encoded at once; all other members are
/// kept byte for byte. The whole archive is never copied.
struct SpooledArchive: MemberSource {
    private let archive: ListedArchive
    private let spooled: [Int: SpooledMember]
    private let store: BlobStore
    private let recipe: Recipe
    var members: MemberTable { archive.members }
    var hasEndMark: Bool { archive.hasEndMark }
    var cut: SourceFault? { archive.cut }

    private init(
        _ archive: ListedArchive,
        spooled: [Int: SpooledMember],
        store: BlobStore,
        recipe: Recipe
    ) {
        self.archive = archive
        self.spooled = spooled
        self.store = store
        self.recipe = recipe
    }

    /// Reads the archives of a spool.
    static func reading(
        _ spool: Spool,
        store: BlobStore,
        recipe: Recipe,
        threads: Int
    ) throws(SourceFault) -> (archives: [SpooledArchive], rest: SpooledArchives) {
        let job = SpoolJob(spool)
        WorkerPool.run([job], threads: threads, recipe: recipe)
        let result = try job.result()
        let archives = result.archives.map {
            SpooledArchive($0, spooled: result.spooled, store: store, recipe: recipe)
        }
        return (archives, result)
    }

    func spooled(_ file: MemberFile) -> SpooledMember? {
        // Return nil for a link, because a link is only in memory, so `BlobReuse` must copy it like
        // a member of a tar file.
        if case .link = spooled[file.location] { return nil }
        return spooled[file.location]
    }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource {
        switch spooled[file.location] {
        case nil: throw .truncated
        case .kept(let copy, _): return try open(copy.blob)
        case .link(let bytes): return BytesSource(bytes)
        case .recoded(let layer):
            let blob = try open(layer.blob)
            do { return try StreamFormat(recipe.encoding).decompressing(blob) } catch {
                throw .stream(error)
            }
        }
    }

    private func open(_ blob: StagedBlob) throws(ArchiveError) -> StoredSource {
        do { return StoredSource(try store.reader(staged: blob)) } catch {
            throw .stream(.store(error))
        }
    }
}

private final class BytesSource: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, rest.count)
        unsafe buffer.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
    }
}
