// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Streams
import Archive
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Broken docker-archives: each fault names the member, what was expected and what was found.
@Suite struct DockerFaultTests {
    let image = SyntheticImage.small
    var config: String { "\(image.configDigest.hex).json" }
    var layer: String { "\(image.diffIDs[1].hex).tar" }
    var members: [TarMember] { image.dockerArchive() }

    private func path(_ text: String) throws -> MemberPath { try #require(MemberPath(text)) }

    private func list(_ text: String) -> [TarMember] {
        members.changing("manifest.json") { _ in Array(text.utf8) }
    }

    private func list(config: String, layers: [String], tags: [String] = ["app:1"]) -> [TarMember] {
        let entry = SyntheticImage.entry(config: config, tags: tags, layers: layers)
        return members.without("manifest.json") + [SyntheticImage.list([entry])]
    }

    @Test func missingMembers() throws {
        for name in [config, layer] {
            try expectFaults(
                members.without(name),
                .member(.missing(try path(name)), neededBy: "manifest.json")
            )
        }
    }

    @Test func wrongLayer() throws {
        let other = SyntheticImage.layer("b", "changed")
        try expectFaults(
            members.changing(layer) { _ in other },
            .diffID(member: layer, expected: image.diffIDs[1], found: Digest(of: other))
        )
    }

    /// Also where the layer is compressed: what is inside counts.
    @Test(arguments: Packed.allCases) func wrongCompressedLayer(_ packed: Packed) throws {
        let other = SyntheticImage.layer("b", "changed")
        try expectFaults(
            members.changing(layer) { _ in packed(other) },
            .diffID(member: layer, expected: image.diffIDs[1], found: Digest(of: other))
        )
    }

    /// The decoder's words name the member, whatever it noticed first.
    @Test(arguments: Packed.allCases, [false, true])
    func damagedCompressedLayer(_ packed: Packed, _ isCut: Bool) throws {
        try expectRefusedLayer { layer in
            var bytes = packed(layer)
            if isCut { bytes.removeLast(10) } else { bytes[bytes.count / 2] ^= 0x55 }
            return bytes
        }
    }

    /// A layer that is kept to the byte must be one that engines read: Go's gzip reader refuses
    /// what follows the last member and is none.
    @Test(arguments: [Packed.gzip, .zstd]) func garbageAfterACompressedLayer(_ packed: Packed)
        throws
    {
        try expectRefusedLayer { packed($0) + Array("garbage".utf8) }
    }

    private func expectRefusedLayer(_ change: ([UInt8]) -> [UInt8]) throws {
        let image = SyntheticImage(layers: [TarBuilder.tar([.file("f", Generator.text(50_000))])])
        let name = "\(image.diffIDs[0].hex).tar"
        let members = image.dockerArchive().changing(name, change)
        for throughPipe in [false, true] {
            let reading = try Reading(members, throughPipe: throughPipe)
            #expect(reading.images.isEmpty)
            #expect(try reading.blobs.isEmpty)
            let fault = try #require(reading.faults.first)
            switch fault {
            case .stream(.truncated, member: name), .stream(.damaged, member: name),
                .diffID(member: name, _, _):
                break
            default: Issue.record("\(fault)")
            }
        }
    }

    /// Who says that one member is many layers only wants it read as often.
    @Test func oneMemberAsManyLayers() throws {
        let layer = TarBuilder.tar([.file("f", "x")])
        var members: [TarMember] = [.file("l.tar", layer)]
        var entries: [JSON] = []
        for number in 0..<7 {
            let diffID = number == 0 ? Digest(of: layer) : Digest(of: [UInt8(number)])
            let config = JSON.object([
                "rootfs": .object(["diff_ids": .array([.string(diffID.description)])])
            ])
            members.append(.file("\(number).json", config.canonicalBytes))
            entries.append(
                .object([
                    "Config": .string("\(number).json"), "Layers": .array([.string("l.tar")]),
                ])
            )
        }
        let list = JSON.array(entries).canonicalBytes
        let reading = try Reading(members + [.file("manifest.json", list)])
        let limits = reading.faults.filter { fault in
            if case .archive(.limit, member: "l.tar") = fault { true } else { false }
        }
        #expect(limits.count == 3)
        #expect(reading.faults.count == 6)
        #expect(reading.images.count == 1)
    }

    @Test(arguments: [1 << 20, 5 << 20]) func wrongLargeLayer(_ size: Int) throws {
        let large = SyntheticImage(layers: [TarBuilder.tar([.file("f", Generator.noise(size))])])
        let name = "\(large.diffIDs[0].hex).tar"
        let members = large.dockerArchive()
            .changing(name) { bytes in
                var bytes = bytes
                bytes[600] ^= 1
                return bytes
            }
        let found = Digest(of: try #require(members.content(name)))
        try expectFaults(
            members,
            .diffID(member: name, expected: large.diffIDs[0], found: found)
        )
    }

    @Test func wrongConfigName() throws {
        let changed = image.config + Array("\n".utf8)
        try expectFaults(
            members.changing(config) { _ in changed },
            .digest(member: config, expected: image.configDigest, found: Digest(of: changed))
        )
    }

    @Test func layerCount() throws {
        try expectFaults(
            list(config: config, layers: [layer]),
            .layerCount(document: config, layers: 1, diffIDs: 2)
        )
    }

    @Test(arguments: ["{}", #"{"rootfs":[]}"#, #"{"rootfs":{"diff_ids":["sha256:1"]}}"#, "[]"])
    func configWithoutLayers(_ text: String) throws {
        try expectFaults(
            list(config: "config.json", layers: []) + [.file("config.json", text)],
            .configWithoutLayers(document: "config.json")
        )
    }

    @Test func listsThatAreNone() throws {
        let document = "manifest.json"
        try expectFaults(list("null"), .nullManifest)
        try expectFaults(list("[]"), .noImages)
        try expectFaults(list("{}"), .foreign(.otherDocument(document)))
        try expectFaults(list("[7]"), .foreign(.otherDocument(document)))
        try expectFaults(
            list(#"[{"Layers":[]}]"#),
            .manifest(.field("[0].Config"), document: document)
        )
        try expectFaults(
            list(#"[{"Config":"c","Layers":[1]}]"#),
            .manifest(.field("[0].Layers"), document: document)
        )
    }

    @Test func listsThatAreNoJSON() throws {
        func fault(_ reason: JSONError.Reason, _ offset: Int) -> SourceFault {
            .json(JSONError(reason: reason, offset: offset), document: "manifest.json")
        }
        try expectFaults(list(""), fault(.syntax(expected: "a value"), 0))
        try expectFaults(
            list(#"[{"Config":"a","Config":"b"}]"#),
            fault(.duplicateKey("Config"), 15)
        )
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        try expectFaults(list(deep), fault(.tooDeep(limit: 64), 64))
        try expectFaults(list("[] []"), fault(.syntax(expected: "the end of the document"), 3))
    }

    @Test func documentsThatAreTooLarge() throws {
        let limit = JSONLimits.document.bytes
        let spaces = [UInt8](repeating: 32, count: limit + 1 - image.config.count)
        try expectFaults(
            members.changing(config) { $0 + spaces },
            .json(JSONError(reason: .tooLarge(limit: limit), offset: limit), document: config)
        )
    }

    @Test(arguments: [
        "App:1", "app", "app:", "a b:1", "registry.corp:5000/app:-1", "app:1@sha256:0",
    ])
    func invalidNames(_ name: String) throws {
        try expectFaults(
            list(config: config, layers: image.diffIDs.map { "\($0.hex).tar" }, tags: [name]),
            .invalidName(name)
        )
    }

    /// A bad name costs only its own image.
    @Test func oneInvalidNameOfTwo() throws {
        let good = SyntheticImage(layers: [image.layers[0]], comment: "good")
        let entries = [(image, "No Name"), (good, "good:1")]
            .map { image, tag in
                SyntheticImage.entry(
                    config: "\(image.configDigest.hex).json",
                    tags: [tag],
                    layers: image.diffIDs.map { "\($0.hex).tar" }
                )
            }
        let members =
            (image.dockerArchive() + good.dockerArchive()).without("manifest.json")
            + [SyntheticImage.list(entries)]
        let reading = try Reading(members)
        #expect(reading.faults.map { "\($0)" } == ["\(SourceFault.invalidName("No Name"))"])
        #expect(reading.images.map { $0.names.map(\.text) } == [["docker.io/library/good:1"]])
        #expect(try reading.blobs == Reading(good.dockerArchive(["good:1"])).blobs)
    }

    @Test func listsWithTooManyValues() throws {
        let limit = JSONLimits.list.values
        let text = "[" + String(repeating: "1,", count: limit) + "1]"
        try expectFaults(
            list(text),
            // The list itself is the first value.
            .json(
                JSONError(reason: .tooMany(limit: limit), offset: 1 + 2 * (limit - 1)),
                document: "manifest.json"
            )
        )
    }

    /// One broken image of two: the other one is whole, and alone in the store.
    @Test(arguments: [false, true]) func oneOfTwo(_ throughPipe: Bool) throws {
        let good = SyntheticImage(layers: [image.layers[0]], comment: "good")
        let entries = [(image, "bad:1"), (good, "good:1")]
            .map { image, tag in
                SyntheticImage.entry(
                    config: "\(image.configDigest.hex).json",
                    tags: [tag],
                    layers: image.diffIDs.map { "\($0.hex).tar" }
                )
            }
        let members =
            (image.dockerArchive() + good.dockerArchive()).without("manifest.json")
            .changing(layer) { _ in SyntheticImage.layer("b", "changed") }
            + [SyntheticImage.list(entries)]
        let reading = try Reading(members, throughPipe: throughPipe)
        #expect(reading.outcome.errors.map(\.image) == ["docker.io/library/bad:1"])
        #expect(reading.images.map { $0.names.map(\.text) } == [["docker.io/library/good:1"]])
        #expect(try reading.blobs == Reading(good.dockerArchive(["good:1"])).blobs)
        #expect(try reading.staged.isEmpty)
    }

    @Test func beforeContentAddressing() throws {
        let members: [TarMember] = [
            .folder("abc/"), .file("abc/VERSION", "1.0"), .file("abc/json", "{}"),
            .file("abc/layer.tar", image.layers[0]), .file("repositories", #"{"a":{"1":"abc"}}"#),
        ]
        try expectFaults(members, .foreign(.beforeContentAddressing))
    }

    /// `docker export` writes a file system.
    @Test func noImage() throws {
        try expectFaults(
            [.folder("bin/"), .file("bin/sh", "#!"), .file("etc/x", "y")],
            .foreign(.fileSystem)
        )
    }

    /// A small archive must not be able to fill the memory with names.
    @Test func tooManyNames() throws {
        let names = (0...SiteIndex.maximumNames).map { "app:\($0)" }
        try expectFaults(
            SyntheticImage.small.dockerArchive(names),
            .archive(.limit(what: "names", limit: SiteIndex.maximumNames), member: nil)
        )
    }
}
