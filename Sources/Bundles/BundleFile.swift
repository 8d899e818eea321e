// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
package import BundleModel
package import OCI
package import SiteModel
package import Streams

/// A bundle, or one of its volumes: a tar whose documents are read, and whose other members can be
/// read in any order.
package struct BundleFile: Sendable {
    private struct Member {
        let offset: Int
        /// Size in bytes.
        let size: Int
    }

    package let path: String
    package let document: BundleDocument
    /// The digest of bundle.json, from which all other content follows.
    package let digest: Digest
    /// The bytes of bundle.json, which a signature covers.
    package let signed: [UInt8]
    /// The bytes of the signature; nil if there is none.
    package let signature: [UInt8]?
    package let index: SiteIndex
    /// The number of this volume, from 0; nil if the bundle is one file.
    package let volume: Int?
    private let file: InputFile
    private let members: [String: Member]

    /// The maximum size of a signature in bytes.
    package static let maximumSignature = 64 << 10

    /// Opens a bundle and reads its documents.
    ///
    /// `check` judges the bytes of bundle.json and the signature before anything in them is parsed.
    ///
    /// - Throws: `BundleError`, `ArchiveError`, and the errors of `check`.
    package init(
        _ path: String,
        check: (_ signed: [UInt8], _ signature: [UInt8]?) throws -> Void = { _, _ in }
    ) throws {
        self.path = path
        file = try InputFile(path: path)
        if case .folder = file.kind { throw BundleError.folder }
        guard case .file(let size) = file.kind else { throw BundleError.notAFile }
        guard try Self.isBundle(file, size: size) else { throw BundleError.notABundle }
        members = try Self.list(file, size: size)
        guard
            let document = try Self.bytes(
                of: BundleDocument.path,
                in: members,
                file,
                limit: JSONLimits.list.bytes
            )
        else { throw BundleError.notABundle }
        signed = document
        signature = try Self.bytes(
            of: BundleDocument.signaturePath,
            in: members,
            file,
            limit: Self.maximumSignature
        )
        try check(signed, signature)
        digest = Digest(of: signed)
        self.document = try BundleDocument(Self.parse(signed, BundleDocument.path))
        guard
            let list = try Self.bytes(
                of: SiteIndex.path,
                in: members,
                file,
                limit: JSONLimits.list.bytes
            )
        else {
            throw BundleError.damaged(SiteIndex.path)
        }
        let found = Digest(of: list)
        guard found == self.document.index else {
            throw BundleError.content(
                member: SiteIndex.path,
                expected: self.document.index,
                found: found
            )
        }
        do { index = try SiteIndex(parsing: list) } catch {
            throw BundleError.damaged(SiteIndex.path)
        }
        try self.document.check(index)
        volume = try Self.volume(of: self.document, members)
        try checkMembers()
    }

    /// Whether a file is a bundle or a volume of one, judged by its first bytes.
    package static func isBundle(_ path: String) -> Bool {
        guard let file = try? InputFile(path: path), case .file(let size) = file.kind else {
            return false
        }
        return (try? isBundle(file, size: size)) == true
    }

    private static func isBundle(_ file: InputFile, size: Int) throws -> Bool {
        // A bundle begins with its document, so that nothing else must be read.
        let name = Array(BundleDocument.path.utf8) + [0]
        guard size >= name.count else { return false }
        return try FileRange(file, offset: 0, size: name.count).bytes(name.count) == name
    }

    // MARK: Documents

    private static func list(_ file: InputFile, size: Int) throws -> [String: Member] {
        let reader = try ArchiveReader(tar: file, blockSize: 32 << 10)
        var members: [String: Member] = [:]
        while true {
            let entry: ArchiveEntry?
            do throws(ArchiveError) { entry = try reader.nextEntry() } catch .notAnArchive {
                throw BundleError.notABundle
            }
            guard let entry else { break }
            guard case .file(let length) = entry.member, members[entry.name] == nil,
                members.count < maximumMembers
            else { throw BundleError.damaged(entry.name) }
            let offset = reader.position
            guard length <= size, offset <= size - length else { throw StreamError.truncated }
            members[entry.name] = Member(offset: offset, size: length)
        }
        return members
    }

    /// The maximum number of members of a bundle.
    package static let maximumMembers = 1_000_000

    private static func bytes(
        of name: String,
        in members: [String: Member],
        _ file: InputFile,
        limit: Int
    ) throws -> [UInt8]? {
        guard let member = members[name] else { return nil }
        guard member.size <= limit else { throw BundleError.damaged(name) }
        let bytes = try FileRange(file, offset: member.offset, size: member.size).bytes(member.size)
        guard bytes.count == member.size else { throw StreamError.truncated }
        return bytes
    }

    private static func parse(_ bytes: [UInt8], _ name: String) throws(BundleError) -> JSON {
        do { return try JSON(parsing: bytes, limits: .list) } catch { throw .damaged(name) }
    }

    /// Finds out which volume this is: the first one of which this file has all parts.
    private static func volume(
        of document: BundleDocument,
        _ members: [String: Member]
    ) throws(BundleError) -> Int? {
        guard !document.volumes.isEmpty else { return nil }
        let number = document.volumes.firstIndex { volume in
            volume.parts.allSatisfy { members[$0.path] != nil }
        }
        guard let number else { throw .damaged("a part of the volume") }
        return number
    }

    /// Checks that the file has exactly the parts that bundle.json lists.
    private func checkMembers() throws {
        let parts = parts
        for part in parts where members[part.path]?.size != part.size {
            throw BundleError.damaged(part.path)
        }
        let layout = SitePlan.ociLayout
        let bytes = try Self.bytes(of: layout.path, in: members, file, limit: layout.bytes.count)
        guard bytes == layout.bytes else { throw BundleError.damaged(layout.path) }
        let documents = [
            layout.path, BundleDocument.path, BundleDocument.signaturePath, SiteIndex.path,
        ]
        let known = Set(parts.map(\.path)).union(documents)
        if let strange = members.keys.filter({ !known.contains($0) }).min() {
            throw BundleError.damaged(strange)
        }
    }

    // MARK: Content

    /// The blobs, patches and pieces of them in this file, in their order.
    package var parts: [BundleDocument.Part] { document.parts(of: volume) }

    /// Reads a part of this file, without a check of its content.
    package func open(_ part: BundleDocument.Part) -> any ByteSource {
        guard let member = members[part.path] else {
            preconditionFailure("a part of this volume")
        }
        return FileRange(file, offset: member.offset, size: member.size)
    }

    /// Reads a small part, and checks its digest.
    ///
    /// - Throws: `BundleError.content`, `StreamError`.
    package func bytes(of part: BundleDocument.Part, limit: Int) throws -> [UInt8] {
        guard part.size <= limit else { throw BundleError.damaged(part.path) }
        let bytes = try open(part).bytes(part.size)
        let found = Digest(of: bytes)
        guard found == part.digest else {
            throw BundleError.content(member: part.path, expected: part.digest, found: found)
        }
        return bytes
    }
}
