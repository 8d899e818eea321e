// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CISAL

/// The checksum of RFC 1952 §8, with the number of bytes it covers.
///
/// The checksums of two parts give that of the whole, so several threads can each check a part.
package struct CRC32: Hashable, Sendable {
    package private(set) var value: UInt32 = 0
    /// The number of bytes.
    package private(set) var count = 0

    /// The checksum of no bytes.
    package init() {}

    package init(of bytes: UnsafeRawBufferPointer) {
        value = unsafe crc32_gzip_refl(
            0,
            bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            UInt64(bytes.count)
        )
        count = bytes.count
    }

    /// Extends the checksum by that of the bytes that follow.
    package mutating func append(_ next: CRC32) {
        value = Self.product(value, Self.shift(bytes: next.count)) ^ next.value
        count += next.count
    }

    // A checksum is a polynomial over GF(2) modulo the polynomial below. The highest bit is the
    // coefficient of x^0. Bytes that follow multiply the checksum by x^8 each.

    /// The polynomial of RFC 1952 without its term x^32.
    private static let polynomial: UInt32 = 0xEDB8_8320
    private static let one: UInt32 = 1 << 31

    private static func product(_ a: UInt32, _ b: UInt32) -> UInt32 {
        var (sum, term): (UInt32, UInt32) = (0, b)
        for bit in (0..<32).reversed() {
            if a >> bit & 1 == 1 { sum ^= term }
            term = term >> 1 ^ (term & 1 == 1 ? polynomial : 0)
        }
        return sum
    }

    /// x to the power of 8 times `count`, by repeated squaring.
    private static func shift(bytes count: Int) -> UInt32 {
        var (result, power, rest) = (one, one >> 8, count)
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, power) }
            power = product(power, power)
            rest >>= 1
        }
        return result
    }
}
