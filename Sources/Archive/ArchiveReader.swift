// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CArchive
internal import Glibc
package import Streams

/// The header of one entry.
package struct ArchiveEntry: Sendable {
    package let name: String
    package let member: Kind

    package enum Kind: Sendable {
        case file(size: Int)
        case folder
        case symbolicLink(String)
        case hardLink(String)
        case special
    }
}

/// A libarchive reader for one tar or one compressed stream, from start to end.
///
/// A reader enables only tar, bzip2, xz or lz4, as requested, because any additional decoder would
/// add attack surface. Two threads must not use a reader at the same time.
@safe package final class ArchiveReader: StreamDecoder {
    private let archive: OpaquePointer
    /// The source of libarchive's bytes; nil if libarchive reads them from a descriptor.
    private let feed: Feed?
    private let filter: Filter?
    private var current: OpaquePointer?
    package private(set) var salvaged = 0

    /// Opens a plain tar in a regular file, in which libarchive skips members by seeking.
    package init(tar file: InputFile, blockSize: Int) throws(ArchiveError) {
        unsafe archive = Self.makeArchive()
        feed = nil
        filter = nil
        unsafe archive_read_support_format_tar(archive)
        try check(unsafe archive_read_open_fd(archive, file.descriptor, blockSize))
    }

    /// Opens a plain tar in a stream.
    package init(tar source: any ByteSource) throws(ArchiveError) {
        unsafe archive = Self.makeArchive()
        let feed = Feed(source)
        self.feed = feed
        filter = nil
        unsafe archive_read_support_format_tar(archive)
        try open(feed)
    }

    package enum Filter: Sendable {
        case bzip2, xz, lz4

        fileprivate var code: CInt {
            switch self {
            case .bzip2: ARCHIVE_FILTER_BZIP2
            case .xz: ARCHIVE_FILTER_XZ
            case .lz4: ARCHIVE_FILTER_LZ4
            }
        }
    }

    /// Decompresses a stream once; a compressed stream inside it stays compressed.
    package init(decompressing source: any ByteSource, _ filter: Filter) throws(StreamError) {
        unsafe archive = Self.makeArchive()
        let feed = Feed(source)
        self.feed = feed
        self.filter = filter
        unsafe archive_read_append_filter(archive, filter.code)
        unsafe archive_read_support_format_raw(archive)
        do throws(ArchiveError) {
            try open(feed)
            _ = try nextHeader()
        } catch {
            // If the stream breaks before its first byte, libarchive reports an unrecognized
            // archive format.
            throw error.stream ?? .damaged("the start of the \(filter) stream is invalid")
        }
    }

    deinit { unsafe archive_read_free(archive) }

    /// Reads the next entry; nil at the end of the archive.
    package func nextEntry() throws(ArchiveError) -> ArchiveEntry? {
        guard try nextHeader(), let header = unsafe current else { return nil }
        guard let pathname = unsafe archive_entry_pathname(header) else {
            throw .damaged("a member's name is not valid text")
        }
        let name = unsafe FileName.text(pathname)
        guard unsafe archive_entry_sparse_reset(header) == 0 else {
            throw .unsupported(member: name, kind: "sparse file")
        }
        return ArchiveEntry(name: name, member: unsafe try kind(of: header))
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = unsafe archive_read_data(
                archive,
                buffer.baseAddress?.advanced(by: done),
                buffer.count - done
            )
            if count == 0 { break }
            guard count > 0 else {
                salvaged = done
                throw failure().stream ?? .damaged("the data is unreadable")
            }
            done += count
        }
        return done
    }

    /// The bytes that follow the tar or the compressed stream.
    ///
    /// Call this only after the end of the tar or stream, and only if the reader reads from a
    /// `ByteSource`.
    package func rest() -> any ByteSource {
        guard let feed else { preconditionFailure("a reader of a file") }
        // Filter -1 counts the bytes that libarchive took from the feed.
        let used = Int(unsafe archive_filter_bytes(archive, -1))
        // After an lz4 stream, libarchive has already read the next four bytes to find out whether
        // another frame begins there.
        return feed.rest(after: used, returning: filter == .lz4 ? 4 : 0)
    }

    /// The number of consumed bytes of the (decompressed) archive.
    ///
    /// After `nextEntry`, this number is the offset of the entry's data.
    package var position: Int { Int(unsafe archive_filter_bytes(archive, 0)) }

    private static func makeArchive() -> OpaquePointer {
        guard let archive = unsafe archive_read_new() else {
            preconditionFailure("out of memory")
        }
        return unsafe archive
    }

    private func open(_ feed: Feed) throws(ArchiveError) {
        let context = unsafe Unmanaged.passUnretained(feed).toOpaque()
        try check(
            unsafe archive_read_open(
                archive,
                context,
                nil,
                { _, context, buffer in unsafe Feed.read(context, buffer) },
                nil
            )
        )
    }

    private func nextHeader() throws(ArchiveError) -> Bool {
        var header: OpaquePointer?
        let status = unsafe archive_read_next_header(archive, &header)
        guard status != ARCHIVE_EOF else { return false }
        try check(status)
        unsafe current = unsafe header
        return true
    }

    private func kind(of header: OpaquePointer) throws(ArchiveError) -> ArchiveEntry.Kind {
        if let target = unsafe archive_entry_hardlink(header) {
            return .hardLink(unsafe FileName.text(target))
        }
        switch unsafe archive_entry_filetype(header) {
        case S_IFREG:
            let size = unsafe archive_entry_size(header)
            guard size >= 0, size < Self.maximumSize else { throw .damaged("a member's size") }
            return .file(size: Int(size))
        case S_IFDIR: return .folder
        case S_IFLNK:
            guard let target = unsafe archive_entry_symlink(header) else {
                throw .damaged("a link without a target")
            }
            return .symbolicLink(unsafe FileName.text(target))
        default: return .special
        }
    }

    /// The limit is larger than any disk, but small enough that sums of offsets can't overflow.
    private static let maximumSize: Int64 = 1 << 56

    /// Accepts OK and WARN (a name that the locale can't represent), and throws otherwise.
    private func check(_ status: CInt) throws(ArchiveError) {
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw failure() }
    }

    private func failure() -> ArchiveError {
        if let error = feed?.error { return .stream(error) }
        // libarchive's messages for a decoder that needs bytes after the end differ by decoder.
        if filter != nil, feed?.isAtEnd == true { return .stream(.truncated) }
        let text = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? ""
        let lower = text.lowercased()
        if lower.contains("unrecognized archive format") { return .notAnArchive }
        if lower.contains("truncated") || lower.contains("unexpected end") {
            return .stream(.truncated)
        }
        let code = unsafe archive_errno(archive)
        if text.hasPrefix("Error reading"), code > 0 {
            return .system(operation: "read", errno: code)
        }
        return .stream(.damaged(text.isEmpty ? "unreadable (\(code))" : text))
    }
}

/// Passes a source's bytes, and its error, through libarchive's callback.
@safe private final class Feed {
    let source: any ByteSource
    let buffer: UnsafeMutableRawBufferPointer
    var error: StreamError?
    /// An error that follows the bytes that were passed last.
    private var nextError: StreamError?
    /// Whether libarchive asked for bytes after the last one.
    var isAtEnd: Bool { piece == 0 && hasBegun }
    private var hasBegun = false
    /// The number of bytes passed to libarchive so far; `piece` is the size of the last piece.
    private var delivered = 0
    private var piece = 0
    /// The end of the previous piece, because libarchive may still need a few of its bytes.
    private var before: [UInt8] = []

    init(_ source: any ByteSource) {
        self.source = source
        unsafe buffer = .allocate(byteCount: 256 << 10, alignment: 64)
    }

    deinit { unsafe buffer.deallocate() }

    /// The bytes that libarchive didn't use, and everything after them.
    ///
    /// If `returning` isn't 0 and more bytes follow, the result begins with the last `returning`
    /// bytes that libarchive used.
    func rest(after used: Int, returning count: Int) -> any ByteSource {
        let known = unsafe before + buffer.prefix(piece)
        let unused = max(0, delivered - used)
        let isAtEnd = unsafe unused < max(1, count) && piece < buffer.count
        return Prefixed(known.suffix(isAtEnd ? unused : unused + count), source)
    }

    static func read(
        _ context: UnsafeMutableRawPointer?,
        _ result: UnsafeMutablePointer<UnsafeRawPointer?>?
    ) -> la_ssize_t {
        guard let context = unsafe context else { return -1 }
        let feed = unsafe Unmanaged<Feed>.fromOpaque(context).takeUnretainedValue()
        do {
            unsafe result?.pointee = UnsafeRawPointer(feed.buffer.baseAddress)
            unsafe feed.before = Array(feed.buffer.prefix(feed.piece).suffix(512))
            feed.piece = try feed.readPiece()
            feed.hasBegun = true
            feed.delivered += feed.piece
            return feed.piece
        } catch {
            feed.error = error
            return -1
        }
    }

    /// Reads the next bytes; before the source's error, passes on the bytes in front of it.
    private func readPiece() throws(StreamError) -> Int {
        if let nextError { throw nextError }
        do throws(StreamError) {
            return unsafe try source.read(into: buffer)
        } catch {
            guard source.salvaged > 0 else { throw error }
            nextError = error
            return source.salvaged
        }
    }
}
