// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Hashes of a member's name and of parts of it, to find the older version of a file.
///
/// Two names may have the same hash; then two files that have little in common are compared.
struct NameKeys {
    /// The hash of the path, then of the path without digits, of the last component, and of the last
    /// component without digits, dots and dashes.
    private(set) var hashes: [4 of UInt32] = [0, 0, 0, 0]

    static let path = 0
    static let count = 4

    init(_ path: some Sequence<UInt8>) {
        var text = ArraySlice(Array(path))
        while text.starts(with: "./".utf8) { text = text.dropFirst(2) }
        while text.last == UInt8(ascii: "/") { text.removeLast() }
        let slash = text.lastIndex(of: UInt8(ascii: "/"))
        let last = slash.map { text[($0 + 1)...] } ?? text
        hashes[0] = Self.hash(text) { _ in true }
        hashes[1] = Self.hash(text) { !Self.isDigit($0) }
        hashes[2] = Self.hash(last) { _ in true }
        hashes[3] = Self.hash(last) {
            !Self.isDigit($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// FNV-1a.
    private static func hash(_ text: ArraySlice<UInt8>, _ counts: (UInt8) -> Bool) -> UInt32 {
        text.reduce(2_166_136_261) { hash, byte in
            counts(byte) ? (hash ^ UInt32(byte)) &* 16_777_619 : hash
        }
    }
}
