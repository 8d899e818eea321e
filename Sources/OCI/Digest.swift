// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A SHA-256 content address, `sha256:<64 lower-case hex digits>`.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests>. regstatic
/// supports only SHA-256, because no engine has ever saved an image with another algorithm.
package struct Digest: Hashable, Sendable {
    /// The 32 bytes, as four big-endian words, which are cheap to compare and need no heap.
    private let words: Words

    private struct Words: Hashable {
        var (first, second, third, fourth): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        subscript(_ index: Int) -> UInt64 {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        }
    }

    /// A digest of exactly 32 bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        func word(_ index: Int) -> UInt64 {
            bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = Words(first: word(0), second: word(1), third: word(2), fourth: word(3))
    }

    /// Reads 64 lower-case hex digits; nil for anything else.
    package init?(hex: String) {
        self.init(hex: hex[...])
    }

    /// Reads 64 lower-case hex digits; nil for anything else.
    package init?(hex: Substring) {
        guard hex.utf8.count == 64 else { return nil }
        var hex = hex
        let words = hex.withUTF8 { digits -> Words? in
            guard let first = unsafe Self.word(digits, from: 0),
                let second = unsafe Self.word(digits, from: 16),
                let third = unsafe Self.word(digits, from: 32),
                let fourth = unsafe Self.word(digits, from: 48)
            else { return nil }
            return Words(first: first, second: second, third: third, fourth: fourth)
        }
        guard let words else { return nil }
        self.words = words
    }

    /// Reads `sha256:<hex>`; nil for anything else.
    package init?(_ text: String) {
        self.init(text[...])
    }

    /// Reads `sha256:<hex>`; nil for anything else.
    package init?(_ text: Substring) {
        guard text.utf8.starts(with: Self.prefix.utf8) else { return nil }
        self.init(hex: Substring(text.utf8.dropFirst(Self.prefix.utf8.count)))
    }

    /// Reads 16 digits.
    private static func word(
        _ digits: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> UInt64? {
        var word: UInt64 = 0
        for index in start..<start + 16 {
            guard let value = unsafe value(ofHexDigit: digits[index]) else { return nil }
            word = word << 4 | value
        }
        return word
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
    }

    /// The 64 hex digits without the algorithm, as in a blob's file name.
    package var hex: String { text(after: "") }

    /// The hex digits after a prefix, made with a single allocation, because sites have very many
    /// such texts.
    private func text(after prefix: StaticString) -> String {
        let start = prefix.utf8CodeUnitCount
        return unsafe String(unsafeUninitializedCapacity: start + 64) { buffer in
            for index in 0..<start { unsafe buffer[index] = prefix.utf8Start[index] }
            for index in 0..<4 {
                var word = words[index]
                for place in start + index * 16..<start + index * 16 + 16 {
                    let value = UInt8(truncatingIfNeeded: word >> 60)
                    unsafe buffer[place] = value < 10 ? 48 + value : 87 + value
                    word <<= 4
                }
            }
            return start + 64
        }
    }

    /// The folder of blobs in a layout, relative to the layout's root.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs>
    package static let blobFolder = "blobs/sha256"

    /// The path of the blob with this digest in a layout.
    package var blobPath: String { text(after: "blobs/sha256/") }

    private static let prefix = "sha256:"

    private static func value(ofHexDigit digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - 87)
        default: nil
        }
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { text(after: "sha256:") }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool {
        for index in 0..<4 where left.words[index] != right.words[index] {
            return left.words[index] < right.words[index]
        }
        return false
    }
}
