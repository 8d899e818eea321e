// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// Copies a member into the store byte for byte, and hashes its uncompressed content.
///
/// The `BlobCopy` is the source of the decompressor: it hashes all bytes that the decompressor
/// reads, and writes them to the store.
@safe final class BlobCopy: ByteSource {
    private let source: any ByteSource
    /// Whether the store's file shares the bytes of the member's file, so that they needn't be written.
    private let isShared: Bool
    private let writer: BlobWriter
    private let progress: any Progress

    private init(_ source: any ByteSource, to store: BlobStore, progress: any Progress)
        throws(SourceFault)
    {
        self.source = source
        self.progress = progress
        let writer = try storing { () throws(FileError) in try store.makeWriter() }
        self.writer = writer
        isShared = (source as? FileRange)?.wholeFile.map(writer.clone) ?? false
    }

    struct Result {
        let blob: StagedBlob
        /// The digest of the uncompressed content, or the reason why it is unknown.
        ///
        /// If the blob isn't compressed, this is the blob's own digest. An error matters only if
        /// the blob is a layer.
        let diffID: Swift.Result<Digest, SourceFault>
    }

    /// Copies a member, and decompresses it only if `format` isn't nil.
    ///
    /// Without a format, `diffID` is the blob's own digest.
    static func run(
        _ source: any ByteSource,
        member: String,
        decoding format: StreamFormat?,
        within budget: ExpansionBudget,
        to store: BlobStore,
        progress: any Progress,
        buffer: UnsafeMutableRawBufferPointer
    ) throws(SourceFault) -> Result {
        let copy = try BlobCopy(source, to: store, progress: progress)
        do throws(SourceFault) {
            let decoded: Swift.Result<Digest, SourceFault>? = format.flatMap { format in
                guard format.isCompressed else { return nil }
                return Swift.Result { () throws(SourceFault) in
                    unsafe try copy.decode(member, format, within: budget, buffer: buffer)
                }
            }
            try streaming(member) { () throws(StreamError) in
                while unsafe try copy.read(into: buffer) > 0 {}
            }
            let blob = try storing { () throws(FileError) in try copy.writer.finish() }
            return Result(blob: blob, diffID: decoded ?? .success(blob.digest))
        } catch {
            try? copy.writer.discard()
            throw error
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let count = unsafe try isShared ? readClone(into: buffer) : readAndWrite(into: buffer)
        progress.advance(count)
        return count
    }

    private func readAndWrite(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Int {
        let count = unsafe try source.read(into: buffer)
        do {
            unsafe try writer.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        } catch {
            throw .store(error)
        }
        return count
    }

    private func readClone(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Int {
        do { return unsafe try writer.readClone(into: buffer) } catch { throw .store(error) }
    }

    private func decode(
        _ member: String,
        _ format: StreamFormat,
        within budget: ExpansionBudget,
        buffer: UnsafeMutableRawBufferPointer
    ) throws(SourceFault) -> Digest {
        let decoder = try streaming(member) { () throws(StreamError) in
            try format.decompressing(self, within: budget)
        }
        var hash = SHA256()
        while true {
            let count = try streaming(member) { () throws(StreamError) in
                unsafe try decoder.read(into: buffer)
            }
            guard count > 0 else { return hash.finish() }
            unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
