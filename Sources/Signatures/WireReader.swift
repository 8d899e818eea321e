// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Reads the data types of SSH (RFC 4251, section 5) from bytes in memory.
///
/// Each function returns nil, and leaves the reader in an unspecified state, if the bytes end too
/// early or have another form.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// The bytes that were not read yet.
    var remainder: [UInt8] { Array(rest) }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func byte() -> UInt8? { bytes(1)?[0] }

    mutating func uint32() -> UInt32? {
        bytes(4)?.reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() -> [UInt8]? { uint32().flatMap { bytes(Int($0)) } }

    /// A name, which can be only printable ASCII.
    mutating func name() -> String? {
        guard let bytes = string(), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The magnitude of a non-negative `mpint`, without zeros at its start.
    ///
    /// `isMinimal` refuses superfluous zeros, so that a number has only one form.
    mutating func magnitude(isMinimal: Bool) -> [UInt8]? {
        guard let bytes = string() else { return nil }
        guard let first = bytes.first else { return [] }
        guard first < 0x80 else { return nil }
        let magnitude = Array(bytes.drop { $0 == 0 })
        guard isMinimal else { return magnitude }
        let zeros = (magnitude.first ?? 0) < 0x80 ? 0 : 1
        return bytes.count == magnitude.count + zeros ? magnitude : nil
    }
}

/// Writes strings of SSH.
enum Wire {
    static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let count = UInt32(bytes.count)
        return stride(from: 24, through: 0, by: -8)
            .map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + bytes
    }

    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
}
