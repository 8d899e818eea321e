// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Glibc
import Streams

/// A tar: a file and a stream have the same members, each member's bytes are those at its offset,
/// and no path or link leaves the archive.
enum TarTarget {
    private struct Item {
        let entry: ArchiveEntry
        let offset: Int
        let content: Outcome?

        var summary: String { "\(entry.name) \(entry.member) at \(offset)" }
    }

    static func run(_ bytes: [UInt8]) {
        let format = StreamFormat(sniffing: Array(bytes.prefix(StreamFormat.sniffLength)))
        guard !format.isCompressed else { return }
        let streamed = items(streamed: bytes)
        let seekable = items(seekable: bytes)
        for (one, other) in zip(streamed.items, seekable.items) {
            expect(one.summary == other.summary, "\(one.summary), in a file \(other.summary)")
        }
        for item in streamed.items { check(item, bytes) }
        resolve(seekable.items)
        guard streamed.isComplete, seekable.isComplete else { return }
        expect(streamed.items.count == seekable.items.count, "other members in a file")
    }

    /// A file without a name, for one input after the other.
    private static let scratch: Int32 = {
        var path = Array("/tmp/regstatic-fuzz-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        unlink(path)
        return descriptor
    }()

    /// Lists a stream, whose members are read.
    private static func items(streamed bytes: [UInt8]) -> (items: [Item], isComplete: Bool) {
        guard let reader = try? ArchiveReader(tar: Bytes(bytes)) else { return ([], false) }
        return items(of: reader, isRead: true)
    }

    /// Lists a file, whose members are skipped.
    private static func items(seekable bytes: [UInt8]) -> (items: [Item], isComplete: Bool) {
        let count = bytes.withUnsafeBytes { pwrite(scratch, $0.baseAddress, $0.count, 0) }
        expect(count == bytes.count && ftruncate(scratch, count) == 0, "no scratch file")
        guard let file = try? InputFile(path: "/proc/self/fd/\(scratch)"),
            let reader = try? ArchiveReader(tar: file, blockSize: 32 << 10)
        else { return ([], false) }
        return items(of: reader, isRead: false)
    }

    private static func items(
        of reader: ArchiveReader,
        isRead: Bool
    ) -> (items: [Item], isComplete: Bool) {
        var items: [Item] = []
        do {
            while let entry = try reader.nextEntry() {
                let offset = reader.position
                let content = isRead ? Outcome(of: reader, limit: 1 << 20) : nil
                items.append(Item(entry: entry, offset: offset, content: content))
                guard content?.error == nil else { return (items, false) }
            }
            return (items, true)
        } catch { return (items, false) }
    }

    /// `TarFile` reads a member at its offset, without libarchive.
    private static func check(_ item: Item, _ bytes: [UInt8]) {
        guard case .file(let size) = item.entry.member, let content = item.content,
            content.error == nil
        else { return }
        expect(content.bytes.count == size, "\(content.bytes.count) bytes of \(item.summary)")
        expect(item.offset + size <= bytes.count, "\(item.summary) ends outside")
        let there = bytes[item.offset..<item.offset + size]
        expect(content.bytes.elementsEqual(there), "other bytes at the offset of \(item.summary)")
    }

    private static func resolve(_ items: [Item]) {
        var table = MemberTable()
        for item in items {
            guard let path = MemberPath(item.entry.name) else { continue }
            expect(MemberPath(path.description) == path, "a path changes: \(path)")
            expect(!MemberPath.leavesRoot(path.description), "a path leaves the root: \(path)")
            guard let member = member(item, path) else { continue }
            table.insert(member, at: path)
        }
        let folders = table.wrappingFolders
        let unwrapped = (0...folders.count).compactMap { table.dropping(Array(folders.prefix($0))) }
        for table in [table] + unwrapped {
            for (path, file) in table.files {
                expect((try? table.file(path)) == file, "a file isn't found: \(path)")
            }
            for (path, _) in table.symbolicLinks { _ = try? table.file(path) }
        }
    }

    private static func member(_ item: Item, _ path: MemberPath) -> Member? {
        switch item.entry.member {
        case .file(let size): .file(MemberFile(path: path, size: size, location: item.offset))
        case .folder: nil
        case .symbolicLink(let target): .symbolicLink(target)
        case .hardLink(let target): MemberPath(target).map(Member.hardLink)
        case .special: .special
        }
    }
}
