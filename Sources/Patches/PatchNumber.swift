// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The numbers of a patch: unsigned, below 2^63, 7 bits in each byte, the lowest first.
///
/// The highest bit of a byte says that another byte follows. A number has no byte that it doesn't
/// need, so each number has one form.
enum PatchNumber {
    /// The largest number of bytes.
    static let maximumBytes = 9

    static func append(_ number: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads a number byte by byte.
    static func read(
        _ next: () throws(PatchError) -> UInt8
    ) throws(PatchError) -> Int {
        var number: UInt64 = 0
        for index in 0..<maximumBytes {
            let byte = try next()
            number |= UInt64(byte & 0x7F) << (7 * UInt64(index))
            guard byte & 0x80 == 0 else { continue }
            guard byte != 0 || index == 0 else { throw .damaged(.number) }
            return Int(number)
        }
        throw .damaged(.number)
    }

    /// A signed number as an unsigned one: 0, -1, 1, -2, … become 0, 1, 2, 3, ….
    static func unsigned(_ number: Int) -> Int { number < 0 ? ~number << 1 | 1 : number << 1 }

    static func signed(_ number: Int) -> Int { number & 1 == 0 ? number >> 1 : ~(number >> 1) }
}

/// The first number of an operation: its kind in the two lowest bits, and a length in bytes, or the
/// number of a base, in the others.
enum Operation {
    /// The next bytes of the literals.
    static let literal = 0
    /// Bytes of the base; the distance from the expected place follows.
    static let copy = 1
    /// Bytes of the base, to each of which the next byte of the differences is added, modulo 256; the
    /// distance from the expected place follows.
    static let add = 2
    /// From here on, `copy` and `add` use another base.
    static let base = 3
}
