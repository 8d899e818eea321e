// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Streams

/// The members of an input, which can be read in any order and by several threads.
protocol MemberSource: Sendable {
    var members: MemberTable { get }

    /// Paths that exist but can't be read, so their content is unknown.
    var unread: [UnreadPath] { get }

    /// Whether the input is certainly complete, because it is a folder or a tar with an end mark.
    ///
    /// A tar without an end mark may have been cut off where the next member would begin.
    var hasEndMark: Bool { get }

    /// The reason why the end of the input is missing; nil if it isn't certain that the end is missing.
    ///
    /// `members` has only members that precede the fault and are complete.
    var cut: SourceFault? { get }
    /// The source whose names show the kind of an input without a known dialect; it has more
    /// members than this source if this source lists only the members of a dialect.
    var sample: any MemberSource { get }

    /// Opens a member at its start.
    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource

    /// Finds the stored form of a member; nil if the member wasn't stored while the archive was
    /// read.
    func spooled(_ file: MemberFile) -> SpooledMember?

    /// Finds content that the input lacks in another input of the run or in the store.
    func elsewhere(_ wanted: WantedContent) -> MemberFile?
}

extension MemberSource {
    var unread: [UnreadPath] { [] }
    var hasEndMark: Bool { true }
    var cut: SourceFault? { nil }
    var sample: any MemberSource { self }

    func spooled(_ file: MemberFile) -> SpooledMember? { nil }
    func elsewhere(_ wanted: WantedContent) -> MemberFile? { nil }

    /// Finds the file with the path that a document names.
    ///
    /// If the input lacks the file and the path contains a digest, this function also looks for the
    /// content in other inputs and in the store.
    func file(_ path: String, neededBy document: String) throws(SourceFault) -> MemberFile {
        do { return try members.file(path) } catch {
            if case .missing(let path) = error, let digest = path.namedDigest,
                let file = elsewhere(.blob(digest))
            {
                return file
            }
            throw .member(error, neededBy: document)
        }
    }

    /// Whether the file with this path exists in the input, in another input or in the store.
    ///
    /// - Throws: `SourceFault` for a special file, and for a link that loops or leaves the archive.
    func has(_ path: String, neededBy document: String) throws(SourceFault) -> Bool {
        do throws(SourceFault) {
            _ = try file(path, neededBy: document)
            return true
        } catch .member(.missing, _) { return false }
    }

    /// Finds a layer at the path that a document names.
    ///
    /// If the input lacks the layer, looks for its diffID in other inputs and in the store.
    func layer(
        _ path: String,
        diffID: Digest,
        neededBy document: String
    ) throws(SourceFault) -> MemberFile {
        do { return try members.file(path) } catch {
            if case .missing = error, let file = elsewhere(.layer(diffID: diffID)) { return file }
            throw .member(error, neededBy: document)
        }
    }

    /// The bytes of a member, from its start.
    func stream(of file: MemberFile) throws(SourceFault) -> any ByteSource {
        try reading(file.path.description) { () throws(ArchiveError) in try open(file) }
    }

    /// Reads a whole document, after checking its size against `limit`.
    func bytes(of file: MemberFile, limit: Int) throws(SourceFault) -> [UInt8] {
        let name = file.path.description
        guard file.size <= limit else {
            throw .json(
                JSONError(reason: .tooLarge(limit: limit), offset: limit),
                document: name
            )
        }
        let source = try stream(of: file)
        return try streaming(name) { () throws(StreamError) in
            var bytes = [UInt8](repeating: 0, count: file.size)
            let count = unsafe try bytes.withUnsafeMutableBufferPointer {
                (buffer) throws(StreamError) in
                unsafe try source.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard count == bytes.count else { throw .truncated }
            return bytes
        }
    }

    func document(_ file: MemberFile, limits: JSONLimits = .document) throws(SourceFault)
        -> RawDocument
    {
        let bytes = try bytes(of: file, limit: limits.bytes)
        do {
            return try RawDocument(bytes, limits: limits)
        } catch {
            let name = file.path.description
            guard !ForeignInput.isLFSPointer(bytes) else { throw .pointer(member: name) }
            let found = Digest(of: bytes)
            if let expected = file.path.namedDigest, expected != found {
                throw .digest(member: name, expected: expected, found: found)
            }
            throw .json(error, document: name)
        }
    }

    /// Replaces a fault if the cause is that the member is only a Git LFS pointer.
    func explain(_ fault: SourceFault, of file: MemberFile) -> SourceFault {
        if case .store = fault { return fault }
        let limit = ForeignInput.maximumPointer
        guard file.size <= limit, let bytes = try? bytes(of: file, limit: limit),
            ForeignInput.isLFSPointer(bytes)
        else { return fault }
        return .pointer(member: file.path.description)
    }

    /// Detects the format of a member from its first bytes.
    func format(of file: MemberFile) throws(SourceFault) -> StreamFormat {
        let source = try stream(of: file)
        return try streaming(file.path.description) { () throws(StreamError) in
            var start = [UInt8](repeating: 0, count: min(file.size, StreamFormat.sniffLength))
            return unsafe try start.withUnsafeMutableBufferPointer {
                (buffer) throws(StreamError) in
                let count = unsafe try source.read(into: UnsafeMutableRawBufferPointer(buffer))
                return unsafe StreamFormat(
                    sniffing: UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(buffer)[..<count]
                    )
                )
            }
        }
    }
}
