// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The header of a regular file in a tar that regstatic writes.
///
/// It is a POSIX ustar header in which only the name and the size vary.
///
/// <https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06>
package struct TarHeader {
    package static let blockSize = 512

    package let bytes: [UInt8]

    /// - Parameters:
    ///   - path: at most 100 bytes, as are all names of a layout.
    ///   - size: in bytes.
    package init(path: String, size: Int) {
        precondition(path.utf8.count <= 100, "a name that a header holds")
        var header = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in text.enumerated() { header[offset + index] = byte }
        }
        put(path.utf8, at: 0)
        put("0000644".utf8, at: 100)
        put("0000000".utf8, at: 108)
        put("0000000".utf8, at: 116)
        put(Self.number(size), at: 124)
        put("00000000000".utf8, at: 136)
        put("        ".utf8, at: 148)
        header[156] = UInt8(ascii: "0")
        put("ustar\u{0}00".utf8, at: 257)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(Self.octal(sum, digits: 6).utf8 + [0], at: 148)
        bytes = header
    }

    /// Returns the zeros that fill up a file's last block.
    package static func padding(after size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (blockSize - size % blockSize) % blockSize)
    }

    /// The two zero blocks that end a tar.
    package static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    /// Encodes a size in octal, or in GNU tar's base 256 if it is 8 GiB or more; all readers
    /// support both.
    private static func number(_ size: Int) -> [UInt8] {
        guard size >= 1 << 33 else { return Array(octal(size, digits: 11).utf8) }
        let bytes = (0..<11).map { UInt8(truncatingIfNeeded: size >> ((10 - $0) * 8)) }
        return [0x80] + bytes
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
