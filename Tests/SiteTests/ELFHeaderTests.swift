// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Which files count as programs for a medium.
@Suite struct ELFHeaderTests {
    private func read(_ bytes: [UInt8], size: Int? = nil) throws(ProgramFault) -> Machine {
        let header = try ELFHeader(
            Array(bytes.prefix(ELFHeader.maximumHead)),
            size: size ?? bytes.count
        )
        if let dynamic = header.dynamic { try header.check(dynamic: Array(bytes[dynamic])) }
        return header.machine
    }

    private func fault(_ change: (inout ProgramSample) -> Void) -> ProgramFault? {
        #expect(throws: ProgramFault.self) { try read(ProgramSample(change).bytes) }
    }

    @Test func machines() throws {
        let samples: [(number: Int, isWide: Bool, isBigEndian: Bool, machine: Machine)] = [
            (62, true, false, .amd64), (183, true, false, .arm64), (40, false, false, .arm),
            (3, false, false, .i386), (21, true, false, .ppc64le), (243, true, false, .riscv64),
            (22, true, true, .s390x),
        ]
        #expect(samples.map(\.machine).sorted() == Machine.allCases.sorted())
        for (number, isWide, isBigEndian, machine) in samples {
            let sample = ProgramSample {
                ($0.machine, $0.isWide, $0.isBigEndian) = (number, isWide, isBigEndian)
            }
            #expect(try read(sample.bytes) == machine)
        }
    }

    /// A program that can be loaded at any address has a dynamic section, but names no library.
    @Test func aStaticProgramAtAnyAddress() throws {
        let sample = ProgramSample { ($0.type, $0.segments, $0.entry) = (3, [1, 2], 0x1000) }
        #expect(try read(sample.bytes) == .amd64)
    }

    @Test func programsThatNeedOtherFiles() {
        #expect(fault { $0.segments = [1, 3] } == .dynamic)
        #expect(fault { ($0.segments, $0.dynamic) = ([1, 2], [30, 1, 0]) } == .dynamic)
        // After the end of the section, tags have no meaning.
        #expect(throws: Never.self) {
            try read(ProgramSample { ($0.segments, $0.dynamic) = ([1, 2], [0, 1]) }.bytes)
        }
    }

    @Test func otherFiles() {
        #expect(throws: ProgramFault.notELF) { try read([]) }
        #expect(throws: ProgramFault.notELF) { try read(Array("#!/bin/sh\n".utf8)) }
        #expect(fault { $0.type = 1 } == .notExecutable)
        #expect(fault { $0.type = 4 } == .notExecutable)
        // A library has no entry.
        #expect(fault { ($0.type, $0.entry, $0.segments) = (3, 0, [1, 2]) } == .notExecutable)
        #expect(fault { $0.segments = [] } == .notExecutable)
        #expect(fault { $0.system = 9 } == .otherSystem(9))
        #expect(fault { $0.machine = 8 } == .unknownMachine(8))
        // x32 has the machine of amd64, but other addresses.
        #expect(fault { $0.isWide = false } == .unknownMachine(62))
        #expect(fault { $0.isBigEndian = true } == .unknownMachine(62))
    }

    /// Wherever the file ends, it is refused, because its segments say how long it is.
    @Test(arguments: [true, false]) func aFileThatIsCutOff(_ isWide: Bool) {
        let sample = ProgramSample {
            ($0.isWide, $0.machine, $0.segments) = (isWide, isWide ? 62 : 3, [1, 2])
        }
        let bytes = sample.bytes
        for count in 0..<bytes.count {
            #expect(throws: ProgramFault.self) { try read(Array(bytes.prefix(count))) }
        }
    }

    /// No number in the headers stops the program, whatever it is.
    @Test func anyNumber() {
        let bytes = ProgramSample { $0.segments = [1, 2] }.bytes
        for place in 0..<min(bytes.count, 176) {
            for value in [UInt8(0), 1, 0x7F, 0x80, 0xFF] {
                for width in [1, 2, 8] {
                    var changed = bytes
                    for offset in place..<min(place + width, bytes.count) {
                        changed[offset] = value
                    }
                    _ = try? read(changed)
                }
            }
        }
    }

    @Test func limits() {
        // The section headers are beyond the end of the file.
        var bytes = ProgramSample().bytes
        bytes[60] = 1
        bytes[40] = 0xFF
        bytes[41] = 0xFF
        #expect(throws: ProgramFault.damaged) { try read(bytes) }
        let large = ProgramSample {
            $0.segments = [1, 2]
            $0.dynamic = [Int](repeating: 30, count: ELFHeader.maximumDynamic / 16 + 1)
        }
        #expect(throws: ProgramFault.damaged) { try read(large.bytes) }
        let many = ProgramSample { $0.segments = [Int](repeating: 1, count: 1200) }
        #expect(throws: ProgramFault.damaged) { try read(many.bytes) }
    }
}
