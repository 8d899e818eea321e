// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What a program's header says about its needs: 64 bits, little-endian.
struct ELF {
    /// The types of the program's segments.
    private let types: [UInt32]

    init(_ bytes: [UInt8]) {
        func number(_ offset: Int, _ size: Int) -> Int {
            bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let (table, size, count) = (number(32, 8), number(54, 2), number(56, 2))
        types = (0..<count).map { UInt32(number(table + $0 * size, 4)) }
    }

    /// A dynamic linker is to start the program (PT_INTERP).
    var hasInterpreter: Bool { types.contains(3) }

    /// The program has a list of libraries that it needs (PT_DYNAMIC).
    var hasDynamicSection: Bool { types.contains(2) }
}
