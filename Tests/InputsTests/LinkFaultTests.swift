// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Members, paths and links that lead somewhere else than to a file of the archive.
@Suite struct LinkFaultTests {
    let image = SyntheticImage.small
    var config: String { "\(image.configDigest.hex).json" }
    var layer: String { "\(image.diffIDs[1].hex).tar" }
    var members: [TarMember] { image.dockerArchive() }

    private func path(_ text: String) throws -> MemberPath { try #require(MemberPath(text)) }

    private func list(config: String, layers: [String]) -> [TarMember] {
        let entry = SyntheticImage.entry(config: config, tags: ["app:1"], layers: layers)
        return members.without("manifest.json") + [SyntheticImage.list([entry])]
    }

    @Test(arguments: ["../config.json", "/etc/passwd", "a/../../b", ""])
    func pathsOutOfTheArchive(_ path: String) throws {
        try expectFaults(
            list(config: path, layers: []),
            .member(.invalidPath(path), neededBy: "manifest.json")
        )
        try expectFaults(
            list(config: config, layers: [path, layer]),
            .member(.invalidPath(path), neededBy: "manifest.json")
        )
    }

    @Test(arguments: ["../evil", "a/../../evil", "/../etc/passwd", "/a/../../etc"])
    func membersOutOfTheArchive(_ name: String) throws {
        let fault = SourceFault.archive(.outside(member: name), member: nil)
        try expectFaults(members + [.file(name, "x")], fault)
        try expectFaults(
            members + [.hardLink("link", to: name)],
            .archive(.outside(member: "link"), member: nil)
        )
    }

    @Test func linksOutOfTheArchive() throws {
        try expectFaults(
            members.without(layer) + [.symbolicLink(layer, to: "../../etc/passwd")],
            .member(
                .linkOutside(try path(layer), target: "../../etc/passwd"),
                neededBy: "manifest.json"
            )
        )
        // An absolute target counts from the archive's root, and there is no such member.
        try expectFaults(
            members.without(layer) + [.symbolicLink(layer, to: "/etc/passwd")],
            .member(
                .danglingLink(try path(layer), target: "/etc/passwd"),
                neededBy: layer
            )
        )
    }

    /// As `tar` without `-h` packs a folder of Bazel.
    @Test func layersOfALayoutThatAreLinks() throws {
        let name = Digest(of: Packed.gzip(image.layers[0])).blobPath
        try expectFaults(
            image.layout().without(name) + [.symbolicLink(name, to: "/cache/layer.tgz")],
            .member(.danglingLink(try path(name), target: "/cache/layer.tgz"), neededBy: name)
        )
    }

    @Test func linksInCircles() throws {
        let loop = SourceFault.member(.linkLoop(try path(layer)), neededBy: "manifest.json")
        try expectFaults(members.without(layer) + [.symbolicLink(layer, to: layer)], loop)
        try expectFaults(members.without(layer) + [.hardLink(layer, to: layer)], loop)
        try expectFaults(
            members.without(layer) + [
                .symbolicLink(layer, to: "b"), .symbolicLink("b", to: layer),
            ],
            loop
        )
        let chain = (0..<70).map { TarMember.symbolicLink("l\($0)", to: "l\($0 + 1)") }
        try expectFaults(
            members.without(layer) + chain + [.symbolicLink(layer, to: "l0")],
            loop
        )
    }

    @Test func devices() throws {
        let fault = SourceFault.member(.special(try path(layer)), neededBy: "manifest.json")
        try expectFaults(members.without(layer) + [.characterDevice(layer)], fault)
        try expectFaults(members.without(layer) + [.blockDevice(layer)], fault)
        try expectFaults(members.without(layer) + [.pipe(layer)], fault)
    }

    /// A link of Docker before 25 to a layer that the archive lacks is a missing layer, which another
    /// input may have.
    @Test func linkToAMissingLayer() throws {
        let link = TarMember.symbolicLink(layer, to: "other/layer.tar")
        let reading = try Reading(members.without(layer) + [link])
        guard case .member(.missing(let missing), _)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(missing.description == layer)
        let part = MissingContent.Part(image.diffIDs[1], .layer, isDiffID: true)
        #expect(reading.outcome.missing.parts.keys.map(\.digest) == [part.digest])
        #expect(reading.outcome.missing.parts.values.map(\.names) == [["app:1"]])
    }
}
