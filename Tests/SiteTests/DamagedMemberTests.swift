// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Damaged members of an input, of which another input of the run has an intact copy.
@Suite struct DamagedMemberTests {
    private let image = SyntheticImage.small

    /// A damaged file of a layout is replaced by the intact copy of another input or of the site.
    @Test(arguments: 0..<4, CompletionTests.Form.allCases) func aDamagedMember(
        _ index: Int,
        _ form: CompletionTests.Form
    ) throws {
        let members = image.layout()
        let whole = members[index]
        let damaged = members.changing(whole.name) { bytes in
            var bytes = bytes
            bytes[bytes.count / 2] ^= 1
            return bytes
        }
        let expected = try BuiltSite()
        try expected.build([try CompletionTests.Form.tar.write(members, "whole", expected)])
        let site = try BuiltSite()
        let input = try form.write(damaged, "damaged", site)
        #expect(try site.build([input]).errors.count == 1)
        let intact = try form.write([whole], "intact", site)
        let outcome = try site.build([input, intact])
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.warnings.map(\.input) == [input])
        guard case .damaged(let member)? = outcome.warnings.first?.1 else {
            Issue.record("\(outcome.warnings)")
            return
        }
        #expect(member.hasSuffix(whole.name))
        #expect(try site.published() == expected.published())
    }

    /// The damage of the content shows only after the manifest was replaced, and that of the manifest
    /// only after the index was replaced.
    @Test(arguments: CompletionTests.Form.allCases) func damageOfSeveralLevels(
        _ form: CompletionTests.Form
    ) throws {
        let manifest = image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        var child = SyntheticImage.descriptor(manifest, .ociManifest)
        child.platform = Platform("linux/amd64")
        let index = Manifest.index([child])
        let list = SyntheticImage.index([(index.bytes, .ociIndex, "a:1")])
        let members =
            image.layout().changing("index.json") { _ in list.fileContent ?? [] }
            + [.file(index.digest.blobPath, index.bytes)]
        let blobs = members.filter { $0.name.hasPrefix("blobs/") }
        #expect(blobs.count == 5)
        let damaged = blobs.reduce(members) { $0.changing($1.name, Self.flip) }
        let expected = try BuiltSite()
        try expected.build([try CompletionTests.Form.tar.write(members, "whole", expected)])
        let site = try BuiltSite()
        let input = try form.write(damaged, "damaged", site)
        let intact = try form.write(blobs, "intact", site)
        let outcome = try site.build([input, intact])
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.warnings.count == blobs.count)
        #expect(try site.published() == expected.published())
    }

    /// Every name of an image with a damaged member is refused, and counts.
    @Test(arguments: 0..<4) func allNamesOfADamagedImage(_ index: Int) throws {
        let site = try BuiltSite()
        let names = ["a:1", "b:1", "b:2"]
        let manifest = image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
        let list = SyntheticImage.index(names.map { (manifest, .ociManifest, $0) })
        let members = image.layout().changing("index.json") { _ in list.fileContent ?? [] }
        let member = members[index].name
        let input = try site.archive("a.tar", members.changing(member, Self.flip))
        let outcome = try site.build([input])
        #expect(
            outcome.errors.compactMap(\.image).sorted() == names.map { "docker.io/library/\($0)" },
            "\(outcome.errors)"
        )
        for case .digest(let name, _, _) in outcome.errors.map(\.fault) { #expect(name == member) }
        #expect(outcome.changes.isEmpty)
    }

    /// An archive with both lists, whose real manifest is damaged: the tag gets no made digest, and
    /// is reported once, unless another input has the manifest.
    @Test(arguments: [["a:1", "b:1"], nil]) func aDamagedManifestOfAnEngine(
        _ names: [String]?
    ) throws {
        let site = try BuiltSite()
        let manifest = image.ociManifest()
        let path = Digest(of: manifest).blobPath
        let roots = names ?? []
        let index = SyntheticImage.index(
            roots.isEmpty
                ? [(manifest, .ociManifest, nil)] : roots.map { (manifest, .ociManifest, $0) }
        )
        let entry = SyntheticImage.entry(
            config: image.configDigest.blobPath,
            tags: names,
            layers: image.diffIDs.map(\.blobPath)
        )
        let whole =
            image.layoutBlobs() + [index, SyntheticImage.layoutMark]
            + [SyntheticImage.list([entry])]
        let input = try site.archive("a.tar", whole.changing(path, Self.flip))
        let outcome = try site.build([input])
        #expect(outcome.changes.isEmpty)
        let refused = names?.map { "docker.io/library/\($0)" } ?? [Digest(of: manifest).description]
        #expect(outcome.errors.compactMap(\.image).sorted() == refused, "\(outcome.errors)")
        let intact = try site.archive("b.tar", whole.filter { $0.name == path })
        let second = try site.build([input, intact])
        #expect(second.errors.isEmpty, "\(second.errors)")
        #expect(Set(second.changes.map(\.entry.manifest.digest)) == [Digest(of: manifest)])
        // The engine invented the manifest if it also wrote `repositories`.
        let old = try site.archive(
            "c.tar",
            whole.changing(path, Self.flip) + [.file("repositories", "{}")]
        )
        guard names != nil else { return }
        let third = try site.build([old])
        #expect(third.errors.isEmpty, "\(third.errors)")
        #expect(third.warnings.map(\.1) == [.unneeded(member: path)])
        #expect(third.changes.count == 2)
    }

    private static func flip(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bytes.count / 2] ^= 0xFF
        return bytes
    }

    /// A layer of an archive whose names have no digests, and a blob of a registry.
    @Test func damagedMembersOfOtherDialects() throws {
        let site = try BuiltSite()
        let changed = SyntheticImage.layer("a", "changed")
        let layer = "\(image.diffIDs[0].hex).tar"
        let archive = try site.archive(
            "a.tar",
            image.dockerArchive(["a:1"]).changing(layer) { _ in changed }
        )
        var volume = SyntheticVolume()
        volume.push(image, "b", tag: "1")
        let config = SyntheticVolume.blobPath(image.configDigest)
        let registry = try site.archive(
            "b.tar",
            volume.members.changing(config) { _ in Array("{}".utf8) }
        )
        // The archive has the config of the registry.
        #expect(try site.build([archive, registry]).errors.map(\.input) == [archive])
        let intact = try site.archive("c.tar", image.dockerArchive(["c:1"]))
        let outcome = try site.build([archive, registry, intact])
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.warnings.map(\.input) == [archive, registry])
        #expect(outcome.changes.count == 3)
        #expect(try site.verify().faults.isEmpty)
    }
}
