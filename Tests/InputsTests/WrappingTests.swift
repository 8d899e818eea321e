// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// What people and systems put around an archive's members.
@Suite struct WrappingTests {
    @Test(
        arguments: ["a", "a/b", "backup of 2024/docker/v2", "blobs/sha256/x", "./a/./b"],
        [false, true]
    )
    func folders(_ around: String, _ throughPipe: Bool) throws {
        for name in ["docker20-many.tar", "docker28-many.tar", "registry-backup.tar"] {
            let plain = try Reading(Fixture.path(name))
            let members = try Fixture.members(name).map { $0.wrapped(in: around) }
            let wrapped = try Reading(members, throughPipe: throughPipe)
            #expect(try wrapped.description == plain.description)
            #expect(wrapped.faults.isEmpty)
        }
    }

    /// `tar -P`: names and links begin with a slash.
    @Test(arguments: ["/", "/srv/images/", "//a/"], [false, true])
    func absoluteNames(_ root: String, _ throughPipe: Bool) throws {
        for name in ["docker20-many.tar", "docker28-one.tar", "registry-backup.tar"] {
            let plain = try Reading(Fixture.path(name))
            let members = try Fixture.members(name)
                .map { member in
                    member.with {
                        $0.name = root + member.name
                        if case .hardLink(let target) = member.kind {
                            $0.kind = .hardLink(root + target)
                        }
                    }
                }
            let absolute = try Reading(members, throughPipe: throughPipe)
            #expect(try absolute.description == plain.description)
            #expect(absolute.faults.isEmpty)
        }
    }

    @Test(arguments: [false, true]) func absoluteLinks(_ throughPipe: Bool) throws {
        let image = SyntheticImage.small
        let layer = "\(image.diffIDs[0].hex).tar"
        let members =
            image.dockerArchive().without(layer) + [
                .file("x/layer.tar", image.layers[0]),
                .symbolicLink(layer, to: "/home/me/x/layer.tar"),
            ]
        let reading = try Reading(
            members.map { $0.wrapped(in: "/home/me") },
            throughPipe: throughPipe
        )
        #expect(try reading.description == Reading(image.dockerArchive()).description)
    }

    /// `tar` on macOS, and archives that Finder has opened.
    @Test(arguments: [false, true]) func filesOfMacOS(_ throughPipe: Bool) throws {
        let litter = [
            "._app", ".DS_Store", "app/._manifest.json", "app/.DS_Store", "app/blobs/._sha256",
            "__MACOSX/app/._x",
        ]
        for name in ["docker20-one.tar", "docker28-one.tar"] {
            let plain = try Reading(Fixture.path(name))
            let members =
                litter.map { TarMember.file($0, "x") }
                + (try Fixture.members(name)).map { $0.wrapped(in: "app") }
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(try reading.description == plain.description)
            #expect(reading.faults.isEmpty)
        }
    }

    @Test(arguments: ["", "one/", "one/two/three/"]) func foldersInFolders(_ around: String) throws
    {
        let image = SyntheticImage.small
        let scratch = try TemporaryFolder()
        for member in image.layout() {
            try scratch.write("in/\(around)\(member.name)", member.fileContent ?? [])
        }
        for name in ["in/.DS_Store", "in/._one", "in/\(around)blobs/sha256/._x"] {
            try scratch.write(name, "x")
        }
        let reading = try Reading(scratch["in"])
        #expect(try reading.description == Reading(image.layout()).description)
        #expect(reading.faults.isEmpty)
    }

    /// With another folder beside it, the layout is one of a package.
    @Test func twoFolders() throws {
        let scratch = try TemporaryFolder()
        for member in SyntheticImage.small.layout() {
            try scratch.write("in/one/\(member.name)", member.fileContent ?? [])
        }
        try scratch.write("in/two/readme", "x")
        let reading = try Reading(scratch["in"])
        #expect(reading.images.map(\.names.first?.label) == ["docker.io/library/app:1"])
        #expect(reading.outcome.skipped.files.count == 1)
    }
}
