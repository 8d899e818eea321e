// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The bytes of an ELF file that has what Linux looks at, and no code.
///
/// The default is a static program for amd64.
package struct ProgramSample: Sendable {
    package var machine = 62
    package var isWide = true
    package var isBigEndian = false
    package var system: UInt8 = 0
    /// 2 is a program, 3 is a program at any address or a library.
    package var type = 2
    package var entry = 0x40_1000
    /// The types of the segments; 1 is loaded, 2 has the dynamic section, 3 names the loader.
    package var segments = [1]
    /// The tags of the dynamic section; 1 names a library.
    package var dynamic = [30, 0]
    /// Bytes that tell one program from another.
    package var content = "first"

    package init(_ change: (inout ProgramSample) -> Void = { _ in }) { change(&self) }

    package static let arm64 = ProgramSample { $0.machine = 183 }

    private var head: Int { isWide ? 64 : 52 }
    private var segmentLength: Int { isWide ? 56 : 32 }
    private var start: Int { head + segments.count * segmentLength }

    package var bytes: [UInt8] {
        let section = dynamic.flatMap { word($0) + word(0) }
        let rest = section + Array(content.utf8)
        var bytes: [UInt8] = [0x7F] + Array("ELF".utf8)
        bytes += [isWide ? 2 : 1, isBigEndian ? 2 : 1, 1, system] + [UInt8](repeating: 0, count: 8)
        bytes += half(type) + half(machine) + number(1, 4)
        bytes += word(entry) + word(head) + word(0) + number(0, 4)
        bytes += half(head) + half(segmentLength) + half(segments.count)
        bytes += half(isWide ? 64 : 40) + half(0) + half(0)
        for segment in segments {
            let (offset, size) = segment == 2 ? (start, section.count) : (0, start + rest.count)
            bytes += number(segment, 4) + (isWide ? number(5, 4) : [])
            bytes += word(offset) + word(0x40_0000) + word(0x40_0000) + word(size) + word(size)
            bytes += isWide ? word(0x1000) : number(5, 4) + word(0x1000)
        }
        return bytes + rest
    }

    private func half(_ value: Int) -> [UInt8] { number(value, 2) }
    private func word(_ value: Int) -> [UInt8] { number(value, isWide ? 8 : 4) }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }
}
