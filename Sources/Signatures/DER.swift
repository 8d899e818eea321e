// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Writes the few ASN.1 types (X.690) in which libcrypto takes a public key and an ECDSA signature.
enum DER {
    static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap(\.self)) }

    /// A non-negative integer from its magnitude, which has no zeros at its start.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let needsZero = (magnitude.first ?? 0x80) >= 0x80
        return element(0x02, (needsZero ? [0] : []) + magnitude)
    }

    static func bitString(_ bytes: [UInt8]) -> [UInt8] { element(0x03, [0] + bytes) }
    static func identifier(_ encoded: [UInt8]) -> [UInt8] { element(0x06, encoded) }
    static let null: [UInt8] = [0x05, 0x00]

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var (bytes, rest): ([UInt8], Int) = ([], count)
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
