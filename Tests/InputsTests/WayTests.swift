// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// The same archive by other ways and in other wrappings makes the same store.
@Suite struct WayTests {
    @Test(arguments: Fixture.archives) func pipe(_ name: String) throws {
        let plain = try Reading(Fixture.path(name))
        let piped = try Reading(tar: try Fixture.bytes(name), throughPipe: true)
        #expect(try piped.description == plain.description)
        #expect(try piped.staged.isEmpty)
    }

    @Test(arguments: Fixture.archives, Packed.allCases)
    func compressed(_ name: String, _ packed: Packed) throws {
        let plain = try Reading(Fixture.path(name))
        let bytes = packed(try Fixture.bytes(name))
        #expect(try Reading(tar: bytes).description == plain.description)
    }

    @Test(arguments: Packed.allCases) func compressedPipe(_ packed: Packed) throws {
        let plain = try Reading(Fixture.path("docker28-many.tar"))
        let bytes = packed(try Fixture.bytes("docker28-many.tar"))
        let piped = try Reading(tar: bytes, throughPipe: true)
        #expect(try piped.description == plain.description)
    }

    @Test(arguments: Fixture.archives, [false, true])
    func wrappedInOneFolder(_ name: String, _ throughPipe: Bool) throws {
        let plain = try Reading(Fixture.path(name))
        let members =
            [TarMember.folder("export/")]
            + (try Fixture.members(name)).map { $0.moved(to: "export/\($0.name)") }
        let wrapped = try Reading(members, throughPipe: throughPipe)
        #expect(try wrapped.description == plain.description)
    }

    @Test(arguments: Fixture.archives, [false, true])
    func withDotSlash(_ name: String, _ throughPipe: Bool) throws {
        let plain = try Reading(Fixture.path(name))
        let members =
            [TarMember.folder("./")]
            + (try Fixture.members(name)).map { $0.moved(to: "./\($0.name)") }
        let dotted = try Reading(members, throughPipe: throughPipe)
        #expect(try dotted.description == plain.description)
    }

    /// `tar cf - .` of an unpacked archive: the order is the file system's.
    @Test(arguments: Fixture.archives) func inReverseOrder(_ name: String) throws {
        let plain = try Reading(Fixture.path(name))
        let members = Array(try Fixture.members(name).reversed())
        for throughPipe in [false, true] {
            let reversed = try Reading(members, throughPipe: throughPipe)
            #expect(try reversed.description == plain.description)
        }
    }

    @Test(arguments: ["oci-dir", "oci-referrers", "oci-artifact"])
    func folderOrArchiveOfIt(_ name: String) throws {
        let folder = try Reading(Fixture.path(name))
        let members = try Tree.snapshot(Fixture.path(name)).sorted { $0.key < $1.key }
            .compactMap { path, entry -> TarMember? in
                guard case .file(let bytes, _) = entry else { return nil }
                return .file(path, bytes)
            }
        #expect(try Reading(members).description == folder.description)
        #expect(try Reading(members, throughPipe: true).description == folder.description)
    }

    @Test(arguments: [1, 2, 7]) func anyNumberOfThreads(_ threads: Int) throws {
        let noise = Generator.noise(5 << 20)
        let image = SyntheticImage(layers: [
            TarBuilder.tar([.file("big", noise)]), SyntheticImage.layer("a", "1"),
            TarBuilder.tar([.file("text", Generator.text(3 << 20))]),
        ])
        let one = try Reading(image.dockerArchive(), threads: 1).description
        for throughPipe in [false, true] {
            let reading = try Reading(
                image.dockerArchive(),
                throughPipe: throughPipe,
                threads: threads
            )
            #expect(try reading.description == one)
        }
    }

    /// A path that names a FIFO is read like standard input.
    @Test func fifo() throws {
        let scratch = try TemporaryFolder()
        let path = scratch["fifo"]
        try #require(mkfifo(path, 0o600) == 0)
        let bytes = try Fixture.bytes("docker20-many.tar")
        Thread.detachNewThread {
            let handle = FileHandle(forWritingAtPath: path)
            try? handle?.write(contentsOf: Data(bytes))
            try? handle?.close()
        }
        let reading = try Reading(path)
        #expect(try reading.description == Reading(Fixture.path("docker20-many.tar")).description)
    }
}

extension TarMember {
    func moved(to name: String) -> TarMember {
        var copy = self
        copy.name = name
        if case .hardLink(let target) = kind {
            copy.kind = .hardLink(name.dropLast(self.name.count) + target)
        }
        return copy
    }
}
