// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import Inputs
import TestSupport
import Testing

/// Archives that were unpacked are read as if they were the tar.
@Suite struct UnpackedArchiveTests {
    let image = SyntheticImage.small

    /// Unpacks an archive into a folder.
    private func unpack(_ members: [TarMember]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for member in members {
            switch member.kind {
            case .file(let bytes): try folder.write("in/\(member.name)", bytes)
            case .symbolicLink(let target): try folder.makeLink("in/\(member.name)", to: target)
            case .folder: try folder.makeFolder("in/\(member.name)")
            case .hardLink, .special: throw Unexpected("not in this test")
            }
        }
        return folder
    }

    private func expectSame(_ members: [TarMember]) throws {
        let folder = try unpack(members)
        let (tar, unpacked) = (try Reading(members), try Reading(folder["in"]))
        #expect(unpacked.faults.map { "\($0)" } == [])
        #expect(try unpacked.description == tar.description)
        #expect(unpacked.images.map(\.root) == tar.images.map(\.root))
        #expect(unpacked.images.map(\.names) == tar.images.map(\.names))
    }

    @Test func podmanAndDocker() throws {
        try expectSame(image.dockerArchive(["t/a:1"]))
        // Docker before 25: a folder for each layer.
        let names = ["aa/layer.tar", "bb/layer.tar"]
        let config = "\(image.configDigest.hex).json"
        let entry = SyntheticImage.entry(config: config, tags: ["t/a:1"], layers: names)
        let files = zip(names, image.layers).map { TarMember.file($0, $1) }
        try expectSame(files + [.file(config, image.config), SyntheticImage.list([entry])])
    }

    /// Docker before 25 writes a layer that two images share as a link.
    @Test func linksInsideTheFolder() throws {
        let config = "\(image.configDigest.hex).json"
        let names = ["aa/layer.tar", "bb/layer.tar"]
        let entry = SyntheticImage.entry(config: config, tags: ["t/a:1"], layers: names)
        try expectSame([
            .file("store/x", image.layers[0]), .symbolicLink("aa/layer.tar", to: "../cc/layer.tar"),
            .symbolicLink("cc/layer.tar", to: "../store/x"), .file("bb/layer.tar", image.layers[1]),
            .file(config, image.config), SyntheticImage.list([entry]),
        ])
    }

    /// Bazel's layouts have links instead of blobs.
    @Test func linkedBlobs() throws {
        var members: [TarMember] = []
        for member in image.layout("t/a:1") {
            guard member.name.hasPrefix("blobs/"), case .file(let bytes) = member.kind else {
                members.append(member)
                continue
            }
            let name = "cache/\(members.count)"
            members.append(.file(name, bytes))
            members.append(.symbolicLink(member.name, to: "../../\(name)"))
        }
        try expectSame(members)
    }

    /// A link out of the folder is never followed.
    @Test(arguments: ["../../../outside", "/etc/hostname", "../../../../../../etc/hostname"])
    func linksOutOfTheFolder(_ target: String) throws {
        let folder = try unpack(image.layout("t/a:1"))
        let layer = Digest(of: Packed.gzip(image.layers[0]))
        try folder.write("outside", Packed.gzip(image.layers[0]))
        try folder.remove("in/\(layer.blobPath)")
        try folder.makeLink("in/\(layer.blobPath)", to: target)
        let reading = try Reading(folder["in"])
        #expect(reading.images.isEmpty)
        let faults = reading.faults.map { "\($0)" }
        #expect(faults.count == 1 && faults[0].contains(layer.blobPath), "\(faults)")
        #expect(faults.first?.contains("link") == true)
    }

    /// A folder that contains a link to itself ends.
    @Test func linkCircles() throws {
        let folder = try unpack(image.layout("t/a:1"))
        try folder.makeLink("in/blobs/sha256/loop", to: "loop")
        try folder.makeLink("in/blobs/sha256/deep", to: "deep/deep")
        #expect(try Reading(folder["in"]).images.count == 1)
    }
}
