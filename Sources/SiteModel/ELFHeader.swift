// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The headers of an ELF file, from which regstatic tells whether Linux runs the file without any
/// other file, and on which machine.
///
/// System V ABI, chapters 4 and 5: <https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html>
package struct ELFHeader: Sendable {
    package let machine: Machine
    /// The part of the file that says which libraries the program needs; nil if it has none.
    package private(set) var dynamic: Range<Int>?
    private let isWide: Bool
    private let isBigEndian: Bool

    /// The bytes at the start of a file that `init` needs; a file may be shorter.
    package static let maximumHead = 64 << 10
    /// The maximum size of the dynamic section in bytes; a static program has about 500.
    package static let maximumDynamic = 64 << 10

    /// Reads the headers from the first bytes of a file whose whole size in bytes is given.
    ///
    /// - Throws: `ProgramFault` if the file isn't a program for Linux, needs a loader, or is cut off.
    package init(_ head: [UInt8], size: Int) throws(ProgramFault) {
        guard head.starts(with: [0x7F] + "ELF".utf8), head.count > 7 else { throw .notELF }
        guard [1, 2].contains(head[4]), [1, 2].contains(head[5]), head[6] == 1 else {
            throw .damaged
        }
        isWide = head[4] == 2
        isBigEndian = head[5] == 2
        let fields = ELFFields(head, isWide: isWide, isBigEndian: isBigEndian)
        let abi = Int(head[7])
        // 0 is System V, and 3 is GNU and Linux.
        guard abi == 0 || abi == 3 else { throw .otherSystem(abi) }
        machine = try Self.machine(fields, isWide: isWide, isBigEndian: isBigEndian)
        let type = try fields.half(16)
        // 2 is a program at fixed addresses, and 3 is one at any address, or a library.
        guard [2, 3].contains(type), try fields.word(24) != 0 else { throw .notExecutable }
        try Self.checkSections(fields, size: size)
        try readSegments(fields, size: size)
    }

    private static func machine(
        _ fields: ELFFields,
        isWide: Bool,
        isBigEndian: Bool
    ) throws(ProgramFault) -> Machine {
        let number = try fields.half(18)
        return switch (number, isWide, isBigEndian) {
        case (62, true, false): .amd64
        case (183, true, false): .arm64
        case (40, false, false): .arm
        case (3, false, false): .i386
        case (21, true, false): .ppc64le
        case (243, true, false): .riscv64
        case (22, true, true): .s390x
        default: throw .unknownMachine(number)
        }
    }

    /// Checks that the section headers are in the file; these are usually its last bytes.
    private static func checkSections(_ fields: ELFFields, size: Int) throws(ProgramFault) {
        let start = try fields.word(fields.isWide ? 40 : 32)
        let length =
            try fields.half(fields.isWide ? 58 : 46) * fields.half(fields.isWide ? 60 : 48)
        guard start >= 0, start <= size, length <= size - start else { throw .damaged }
    }

    private mutating func readSegments(_ fields: ELFFields, size: Int) throws(ProgramFault) {
        let start = try fields.word(isWide ? 32 : 28)
        let length = try fields.half(isWide ? 54 : 42)
        let count = try fields.half(isWide ? 56 : 44)
        guard start > 0, start < Self.maximumHead, length == (isWide ? 56 : 32) else {
            throw .damaged
        }
        var isLoaded = false
        for segment in 0..<count {
            let place = start + segment * length
            let offset = try fields.word(place + (isWide ? 8 : 4))
            let bytes = try fields.word(place + (isWide ? 32 : 16))
            guard offset >= 0, bytes >= 0, offset <= size, bytes <= size - offset else {
                throw .damaged
            }
            switch try fields.number(place, 4) {
            case 1: isLoaded = true
            case 2:
                guard bytes <= Self.maximumDynamic else { throw .damaged }
                dynamic = offset..<offset + bytes
            case 3: throw .dynamic
            default: break
            }
        }
        guard isLoaded else { throw .notExecutable }
    }

    /// Refuses a program whose dynamic section, the bytes of `dynamic`, names a library.
    ///
    /// - Throws: `ProgramFault.dynamic`.
    package func check(dynamic section: [UInt8]) throws(ProgramFault) {
        let fields = ELFFields(section, isWide: isWide, isBigEndian: isBigEndian)
        let length = isWide ? 16 : 8
        for entry in 0..<section.count / length {
            let tag = try fields.word(entry * length)
            // 0 is the end of the section, and 1 is the name of a library.
            guard tag != 1 else { throw .dynamic }
            guard tag != 0 else { return }
        }
    }
}

/// Numbers in an ELF file.
private struct ELFFields {
    let isWide: Bool
    private let bytes: [UInt8]
    private let isBigEndian: Bool

    init(_ bytes: [UInt8], isWide: Bool, isBigEndian: Bool) {
        (self.bytes, self.isWide, self.isBigEndian) = (bytes, isWide, isBigEndian)
    }

    func half(_ offset: Int) throws(ProgramFault) -> Int { try number(offset, 2) }

    /// An address, offset or size; negative if it is larger than any file.
    func word(_ offset: Int) throws(ProgramFault) -> Int { try number(offset, isWide ? 8 : 4) }

    /// A number of 2, 4 or 8 bytes.
    func number(_ offset: Int, _ count: Int) throws(ProgramFault) -> Int {
        guard offset >= 0, count <= bytes.count, offset <= bytes.count - count else {
            throw .damaged
        }
        let part = bytes[offset..<offset + count]
        let number =
            isBigEndian
            ? part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            : part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(truncatingIfNeeded: number)
    }
}
