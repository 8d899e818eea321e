// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The places of the members in a raw tar, to find what two tars have in common.
///
/// A wrong map only makes a patch larger, so that the walk through the headers is simple: it ends at
/// the first block that isn't a header, and the rest of the file is the tail. A file that isn't a tar
/// has no members.
struct TarMap {
    struct Member {
        /// Where the headers begin, including extended headers.
        let start: Int
        /// Where the content begins.
        let content: Int
        /// Where the content ends, including the zeros that fill up its last block.
        let end: Int
        let name: NameKeys

        var headers: Range<Int> { start..<content }
        var size: Int { end - content }
    }

    /// The limit for the number of members; what follows them is in the tail.
    static let maximumMembers = 1_000_000

    private(set) var members: [Member] = []
    /// What follows the members: usually zeros.
    private(set) var tail: Range<Int>

    init(_ bytes: UnsafeRawBufferPointer) {
        tail = 0..<bytes.count
        var (start, position) = (0, 0)
        var extensions = Extensions()
        while members.count < Self.maximumMembers,
            let header = unsafe TarBlock(bytes, at: position)
        {
            let content = position + TarBlock.size
            let end = min(content + header.paddedSize(extensions), bytes.count)
            position = end
            if header.isExtension {
                unsafe extensions.read(header, .init(rebasing: bytes[content..<end]))
                continue
            }
            let name = extensions.name ?? NameKeys(header.path)
            members.append(Member(start: start, content: content, end: end, name: name))
            (start, extensions) = (end, Extensions())
        }
        tail = start..<bytes.count
    }
}

/// What extended headers say about the next member.
private struct Extensions {
    var name: NameKeys?
    var size: Int?

    mutating func read(_ header: TarBlock, _ content: UnsafeRawBufferPointer) {
        if header.type == UInt8(ascii: "L") {
            name = unsafe NameKeys(content.prefix { $0 != 0 })
        } else if header.type == UInt8(ascii: "x") {
            unsafe readRecords(content)
        }
    }

    /// `length key=value\n`, in which the length counts itself.
    private mutating func readRecords(_ content: UnsafeRawBufferPointer) {
        var rest = unsafe content[...]
        while let space = unsafe rest.firstIndex(of: UInt8(ascii: " ")),
            let length = unsafe Int(String(decoding: rest[..<space], as: UTF8.self)),
            unsafe length > space - rest.startIndex + 1 && length <= rest.count
        {
            let record = unsafe rest[(space + 1)..<(rest.startIndex + length - 1)]
            unsafe rest = rest.dropFirst(length)
            guard let equals = unsafe record.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = unsafe record[(equals + 1)...]
            if unsafe record[..<equals].elementsEqual("path".utf8) {
                name = unsafe NameKeys(value)
            } else if unsafe record[..<equals].elementsEqual("size".utf8) {
                size = unsafe Int(String(decoding: value, as: UTF8.self))
            }
        }
    }
}

/// One header of a tar.
@safe private struct TarBlock {
    static let size = 512

    private let block: UnsafeRawBufferPointer
    private let contentSize: Int

    var type: UInt8 { unsafe block[156] }

    /// Whether it describes the next member, and isn't one itself.
    var isExtension: Bool { "LKxgX".utf8.contains(type) }

    /// Nil if there is no header at this place.
    init?(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        guard bytes.count - position >= Self.size else { return nil }
        unsafe block = UnsafeRawBufferPointer(rebasing: bytes[position..<position + Self.size])
        let sum = unsafe block.reduce(0) { $0 + Int($1) }
        let field = unsafe block[148..<156].reduce(0) { $0 + Int($1) }
        guard let claimed = unsafe Self.number(block[148..<156]),
            claimed == sum - field + 8 * Int(UInt8(ascii: " ")),
            let size = unsafe Self.number(block[124..<136])
        else { return nil }
        contentSize = size
    }

    /// An octal number, or one in base 256; nil for others, and for 2^60 or more.
    private static func number(_ field: Slice<UnsafeRawBufferPointer>) -> Int? {
        let isBinary = unsafe field.first == 0x80
        let digits =
            unsafe isBinary
            ? Array(field.dropFirst())
            : Array(field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 })
        let base = isBinary ? 256 : 8
        var number = 0
        for digit in digits {
            let value = Int(digit) - (isBinary ? 0 : 48)
            guard value >= 0, value < base, number < 1 << 52 else { return nil }
            number = number * base + value
        }
        return number
    }

    /// The size of the content with the zeros after it; links, devices and folders have none.
    func paddedSize(_ extensions: Extensions) -> Int {
        guard !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) else { return 0 }
        let size = isExtension ? contentSize : extensions.size ?? contentSize
        guard size >= 0, size < 1 << 60 else { return 0 }
        return (size + Self.size - 1) / Self.size * Self.size
    }

    /// The name with the prefix of ustar before it.
    var path: [UInt8] {
        let name = unsafe Array(block[..<100].prefix { $0 != 0 })
        guard unsafe block[257..<263].elementsEqual("ustar\0".utf8) else { return name }
        let prefix = unsafe Array(block[345..<500].prefix { $0 != 0 })
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }
}
