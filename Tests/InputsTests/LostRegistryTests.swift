// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Content that a registry's data had and has lost.
@Suite struct LostRegistryTests {
    private var volume: SyntheticVolume {
        var volume = SyntheticVolume()
        volume.push(LostContentTests.amd, "team/app")
        volume.push(LostContentTests.arm, "team/app")
        volume.push(LostContentTests.index, "team/app", tag: "1")
        volume.push(SyntheticImage.small, "small", tag: "1")
        return volume
    }

    @Test(arguments: LostContentTests.Part.allCases, Way.allCases)
    func ofARegistry(_ part: LostContentTests.Part, _ way: Way) throws {
        let members = volume.members.without(SyntheticVolume.blobPath(part.digest))
        let reading = try way.read(members)
        #expect(
            reading.faults.map { "\($0)" }
                == ["\(SourceFault.lost(part.digest, neededBy: part.owner))"]
        )
        #expect(reading.images.map { $0.names.map(\.text) } == [["served small:1"]])
    }

    /// A tag that names nothing any more: its history says that there was one.
    @Test(arguments: Way.allCases) func aLostTag(_ way: Way) throws {
        let current = SyntheticVolume.tagPath("team/app", "1")
        let history = current.replacing(
            "current/link",
            with: "index/sha256/\(Digest(of: LostContentTests.index).hex)/link"
        )
        let members =
            volume.members.without(current)
            + [.file(history, "\(Digest(of: LostContentTests.index))")]
        let reading = try way.read(members)
        #expect(reading.outcome.errors.map(\.image) == ["team/app:1"])
        // What the tag named can still be pulled by digest.
        #expect(
            reading.images.map { $0.names.map(\.text) }
                == [["served small:1"], ["served team/app"]]
        )
    }

    /// A damaged file system gives a file where a folder was.
    @Test(arguments: [
        "team", "team/app", "team/app/_manifests", "team/app/_manifests/tags",
        "team/app/_manifests/tags/1", "team/app/_manifests/tags/1/current",
    ])
    func aFileInThePlaceOfAFolder(_ path: String) throws {
        let place = "\(SyntheticVolume.root)/repositories/\(path)"
        let members = volume.members.filter { !$0.name.hasPrefix("\(place)/") }
        for way in Way.allCases {
            let reading = try way.read(members + [.file(place, "")])
            #expect(!reading.faults.isEmpty, "\(way)")
            // Where only the tags are lost, the image can still be pulled by digest.
            let names = reading.images.map { $0.names.map(\.text) }
                .filter { $0 != ["served team/app"] }
            #expect(names == [["served small:1"]], "\(way)")
        }
    }

    /// What systems leave behind in folders is no damage.
    @Test(arguments: [".DS_Store", "team/.DS_Store", "team/app/._x", "Thumbs.db"])
    func aSystemsOwnFile(_ name: String) throws {
        let file = TarMember.file("\(SyntheticVolume.root)/repositories/\(name)", "x")
        #expect(try Reading(volume.members + [file]).faults.isEmpty)
    }

    /// Tools that save space make hard links of equal files; tar keeps them as such.
    @Test(arguments: [false, true]) func hardLinksInARegistry(_ throughPipe: Bool) throws {
        let first = SyntheticVolume.tagPath("small", "1")
        let second = SyntheticVolume.tagPath("small", "2")
        let members = volume.members + [.hardLink(second, to: first)]
        let reading = try Reading(members, throughPipe: throughPipe)
        #expect(reading.faults.isEmpty)
        let names = reading.images.flatMap { $0.names.map(\.text) }
        #expect(Set(names) == ["served small:1", "served small:2", "served team/app:1"])
    }

    @Test(arguments: [false, true]) func aSymbolicLinkInATarOfARegistry(_ pipe: Bool) throws {
        let path = SyntheticVolume.tagPath("small", "2")
        let members = volume.members + [.symbolicLink(path, to: "/elsewhere")]
        let reading = try Reading(members, throughPipe: pipe)
        guard case .archive(.link(let link), _)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(path.hasSuffix(link))
    }

    /// A mirror has of an index what was asked for.
    @Test(arguments: Way.allCases) func aPlatformThatARegistryNeverHad(_ way: Way) throws {
        var volume = SyntheticVolume()
        volume.push(LostContentTests.amd, "team/app")
        volume.push(LostContentTests.index, "team/app", tag: "1")
        let reading = try way.read(volume.members)
        #expect(reading.faults.isEmpty)
        #expect(
            reading.images.map { $0.missing.map(\.digest) } == [
                [LostContentTests.Part.manifest.digest]
            ]
        )
    }

    /// It may have been a signature: nobody knows any more.
    @Test(arguments: Way.allCases) func anUntaggedManifest(_ way: Way) throws {
        var volume = volume
        let lost = volume.push(Array("{}".utf8), "team/app")
        let members = volume.members.without(SyntheticVolume.blobPath(lost))
        let reading = try way.read(members)
        #expect(reading.outcome.errors.map(\.image) == ["team/app@\(lost)"])
        guard case .dangling(_, lost)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(reading.images.count == 2)
    }

    /// A folder of a registry that was moved to another disk, with a link in its place.
    @Test(arguments: [
        "blobs", "blobs/sha256", "repositories", "repositories/team", "repositories/team/app",
        "repositories/team/app/_manifests/tags",
    ])
    func aLinkInARegistry(_ path: String) throws {
        let folder = try TemporaryFolder()
        for member in volume.members { try folder.write(member.name, member.fileContent ?? []) }
        let full = "\(SyntheticVolume.root)/\(path)"
        try folder.move(full, to: "elsewhere")
        try folder.makeLink(full, to: folder["elsewhere"])
        let reading = try Reading(folder.path)
        let link = SourceFault.archive(.link(path), member: path)
        #expect(reading.faults.map { "\($0)" }.contains("\(link)"))
    }
}
