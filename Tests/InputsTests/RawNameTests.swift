// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import TestSupport
import Testing

/// Inputs that contain names which aren't UTF-8.
@Suite struct RawNameTests {
    private let image = SyntheticImage.small

    private var volume: SyntheticVolume {
        var volume = SyntheticVolume()
        volume.push(image, "team/app", tag: "1")
        return volume
    }

    private func file(_ name: String, _ end: [UInt8], _ text: String) -> TarMember {
        TarMember.file(name, text).with { $0.rawEnd = end }
    }

    /// A document can't name such a file, so no image needs it.
    @Test(arguments: [false, true]) func otherFilesInATar(_ throughPipe: Bool) throws {
        let strays = [file("a", [0xFF], "x"), file("a", [0xFE], "y"), file("", [0xE9, 0x2F], "")]
        let reading = try Reading(strays + volume.members, throughPipe: throughPipe)
        #expect(try reading.description == Reading(volume.members).description)
        #expect(reading.faults.isEmpty)
    }

    /// Each link leads to its own file, although the names of the files differ only in such bytes.
    @Test(arguments: [false, true]) func hardLinksInATar(_ throughPipe: Bool) throws {
        var members: [TarMember] = []
        for (index, member) in volume.members.enumerated() {
            guard let content = member.fileContent else {
                members.append(member)
                continue
            }
            let end = [0x80 + UInt8(index)]
            members.append(TarMember.file("x", content).with { $0.rawEnd = end })
            members.append(
                TarMember.hardLink(member.name, to: "x").with { $0.rawTargetEnd = end }
            )
        }
        let reading = try Reading(members, throughPipe: throughPipe)
        #expect(try reading.description == Reading(volume.members).description)
        #expect(reading.faults.isEmpty)
    }

    /// The backup of a registry is found below a folder of any name, among files of any name.
    @Test func inAFolder() throws {
        let folder = try TemporaryFolder()
        for member in volume.members { try folder.write(member.name, member.fileContent ?? []) }
        let blobs = SyntheticVolume.root + "/blobs/sha256"
        try folder.write(name: [0xFF], in: blobs, "stray")
        try folder.makeFolder("input")
        let top = String(SyntheticVolume.root.prefix { $0 != "/" })
        try folder.makeFolder(name: [0x73, 0xE9], in: "input", moving: top)
        let reading = try Reading(folder["input"])
        #expect(try reading.description == Reading(volume.members).description)
        #expect(reading.faults.isEmpty)
    }

    @Test func inALayout() throws {
        let folder = try TemporaryFolder()
        let layout = Fixture.path("oci-referrers")
        for (path, entry) in try Tree.snapshot(layout) {
            if case .file(let bytes, _) = entry { try folder.write("layout/\(path)", bytes) }
        }
        for name in ["layout", "layout/blobs/sha256"] {
            try folder.write(name: [0x61, 0xE9], in: name, "stray")
        }
        let reading = try Reading(folder["layout"])
        #expect(try reading.description == Reading(layout).description)
        #expect(reading.faults.isEmpty)
    }
}
