// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The format of a stream, detected from its first bytes, because names and suffixes of archives
/// are unreliable.
package enum StreamFormat: Hashable, Sendable {
    case tar, gzip, zstd, bzip2, xz, lz4, other

    /// The number of bytes that detection needs.
    package static let sniffLength = 512

    package init(sniffing bytes: UnsafeRawBufferPointer) {
        // Check for tar first, because a member's name may begin like a compressed stream.
        if unsafe Self.isTarHeader(bytes) {
            self = .tar
        } else if let match = Self.magics.first(where: { unsafe Self.begins(bytes, with: $0.magic) }
        ) {
            self = match.format
        } else {
            self = unsafe Self.afterSkippableFrames(bytes) ?? .other
        }
    }

    package init(sniffing bytes: [UInt8]) {
        self = unsafe bytes.span.bytes.withUnsafeBytes { bytes in
            unsafe StreamFormat(sniffing: bytes)
        }
    }

    package var isCompressed: Bool {
        switch self {
        case .gzip, .zstd, .bzip2, .xz, .lz4: true
        case .tar, .other: false
        }
    }

    /// The format of a stream that begins with a skippable frame, as pzstd and seekable zstd write
    /// it; nil if there is no such frame.
    ///
    /// lz4 has the same skippable frames, so the frame after them determines the format, if `bytes`
    /// contains its start (RFC 8878, section 3.1.2).
    private static func afterSkippableFrames(_ bytes: UnsafeRawBufferPointer) -> StreamFormat? {
        guard unsafe isSkippableFrame(bytes) else { return nil }
        var rest = unsafe bytes
        while rest.count >= 8, unsafe isSkippableFrame(rest) {
            let size = unsafe rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
            let next = unsafe rest.dropFirst(8 + Int(UInt32(littleEndian: size)))
            unsafe rest = UnsafeRawBufferPointer(rebasing: next)
        }
        return unsafe begins(rest, with: lz4Frame) ? .lz4 : .zstd
    }

    /// Whether the bytes begin with one of the numbers 0x184D2A50 to 0x184D2A5F.
    private static func isSkippableFrame(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe bytes.first, (0x50...0x5F).contains(first) else { return false }
        return unsafe bytes.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
    }

    private static let lz4Frame: [UInt8] = [0x04, 0x22, 0x4D, 0x18]
    private static let magics: [(format: StreamFormat, magic: [UInt8])] = [
        (.gzip, [0x1F, 0x8B, 0x08]),
        (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
        (.bzip2, [0x42, 0x5A, 0x68]),
        (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        (.lz4, lz4Frame),
        // The legacy format of the first lz4 programs, which `lz4 -l` still writes.
        (.lz4, [0x02, 0x21, 0x4C, 0x18]),
    ]

    private static func begins(_ bytes: UnsafeRawBufferPointer, with magic: [UInt8]) -> Bool {
        unsafe bytes.count >= magic.count && bytes.prefix(magic.count).elementsEqual(magic)
    }

    /// Whether the bytes begin with a header block with a valid checksum, or with the zero block of
    /// an empty tar.
    private static func isTarHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 512 else { return false }
        let checksumField = 148..<156
        var sum = 0
        for unsafe(index, byte) in unsafe bytes.prefix(512).enumerated() {
            sum += checksumField.contains(index) ? 32 : Int(byte)
        }
        if sum == 32 * checksumField.count, unsafe bytes[checksumField.lowerBound] == 0 {
            return true
        }
        let digits = unsafe bytes[checksumField].drop { $0 == 32 }.prefix { (48...55).contains($0) }
        return unsafe Int(String(decoding: digits, as: UTF8.self), radix: 8) == sum
    }
}
