// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Inputs that lack content, which another input of the run or the site has.
@Suite struct CompletionTests {
    /// A form in which an input comes; an archive of the last three is read only once.
    enum Form: CaseIterable {
        case tar, folder, wrapped, gzip, zstd

        func write(_ members: [TarMember], _ name: String, _ site: BuiltSite) throws -> String {
            let tar = TarBuilder.tar(members)
            switch self {
            case .tar: return try site.folder.write("\(name).tar", tar)
            case .wrapped:
                return try site.archive("\(name).tar", members.map { $0.wrapped(in: "around") })
            case .gzip: return try site.folder.write("\(name).tgz", Packed.gzip(tar))
            case .zstd: return try site.folder.write("\(name).tzst", Packed.zstd(tar))
            case .folder:
                for member in members {
                    let path = "\(name)/\(member.name)"
                    if case .symbolicLink(let target) = member.kind {
                        try site.folder.makeLink(path, to: target)
                    } else if let content = member.fileContent {
                        try site.folder.write(path, content)
                    }
                }
                return site.folder[name]
            }
        }
    }

    private let image = SyntheticImage.small
    private let other = SyntheticImage(
        layers: [SyntheticImage.layer("a", "one"), SyntheticImage.layer("c", "three")]
    )

    /// Builds parts in both orders, and compares each site with the one of the whole.
    private func expect(
        _ parts: [[TarMember]],
        toBe whole: [TarMember],
        forms: [Form],
        location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try BuiltSite()
        try expected.build([try Form.tar.write(whole, "whole", expected)])
        for isReversed in [false, true] {
            let site = try BuiltSite()
            var inputs: [String] = []
            for (number, part) in parts.enumerated() {
                inputs.append(try forms[number % forms.count].write(part, "part\(number)", site))
            }
            if isReversed { inputs.reverse() }
            let outcome = try site.build(inputs)
            #expect(outcome.errors.isEmpty, "\(outcome.errors)", sourceLocation: location)
            #expect(try site.published() == expected.published(), sourceLocation: location)
            let staged = try site.snapshot().keys.filter { $0.hasPrefix(".regstatic/tmp/") }
            #expect(staged.isEmpty, sourceLocation: location)
        }
    }

    /// Whichever file of a layout is in the other input.
    @Test(arguments: 0..<4) func aFileOfALayout(_ index: Int) throws {
        var rest = image.layout()
        let members = rest
        let missing = rest.remove(at: index)
        for (form, other) in zip(Form.allCases, Form.allCases.dropFirst(index) + Form.allCases) {
            try expect([rest, [missing]], toBe: members, forms: [form, other])
        }
    }

    /// The layers of a base image, which an increment names by their diffIDs only.
    @Test(arguments: Form.allCases) func anIncrementOfADockerArchive(_ form: Form) throws {
        let base = image.dockerArchive(["base:1"])
        let all = other.dockerArchive(["app:1"])
        let increment = all.filter { $0.name != "\(other.diffIDs[0].hex).tar" }
        let site = try BuiltSite()
        let inputs = [
            try form.write(increment, "increment", site), try form.write(base, "base", site),
        ]
        let whole = try BuiltSite()
        try whole.build([try whole.archive("a", all), try whole.archive("b", base)])
        let outcome = try site.build(inputs)
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(try site.published() == whole.published())

        // The site has the base since an earlier run.
        let later = try BuiltSite()
        try later.build([try form.write(base, "base", later)])
        let second = try later.build([try form.write(increment, "increment", later)])
        #expect(second.errors.isEmpty, "\(second.errors)")
        #expect(try later.published() == whole.published())
    }

    /// Before Docker 25, the names of layers were no digests of their content.
    @Test func layersNamedByOtherIdentifiers() throws {
        func archive(_ image: SyntheticImage, _ tag: String, without: Int?) -> [TarMember] {
            let names = image.diffIDs.map { "\(Digest(of: Array($0.hex.utf8)).hex)/layer.tar" }
            let config = "\(image.configDigest.hex).json"
            let entry = SyntheticImage.entry(config: config, tags: [tag], layers: names)
            let layers = zip(names, image.layers).map { TarMember.file($0, $1) }
            return layers.enumerated().filter { $0.offset != without }.map(\.element)
                + [.file(config, image.config), SyntheticImage.list([entry])]
        }
        let site = try BuiltSite()
        let base = try site.archive("base.tar", archive(image, "base:1", without: nil))
        let increment = try site.archive("more.tar", archive(other, "app:1", without: 0))
        #expect(try site.build([increment]).errors.count == 1)
        #expect(try site.build([increment, base]).errors.isEmpty)
        #expect(try site.build([increment]).errors.isEmpty)
    }

    /// A registry's data in several tars, cut anywhere.
    @Test(arguments: 0..<12) func aRegistryInParts(_ seed: Int) throws {
        var volume = SyntheticVolume()
        volume.push(image, "team/app", tag: "1")
        volume.push(other, "team/app", tag: "2")
        volume.push(other, "tools", tag: "latest")
        let history = "\(SyntheticVolume.root)/repositories/tools/_manifests/tags/latest/index"
        volume.members.append(.file("\(history)/sha256/\(other.configDigest.hex)/link", "x"))
        var generator = Generator(seed: UInt64(seed))
        var parts: [[TarMember]] = Array(repeating: [], count: 2 + seed % 3)
        for member in volume.members {
            // The last part has only blobs, as if the data had been split by folders.
            let count = parts.count - (member.name.contains("/blobs/") ? 0 : 1)
            parts[Int.random(in: 0..<count, using: &generator)].append(member)
        }
        let forms = Form.allCases.shuffled(using: &generator)
        try expect(parts.filter { !$0.isEmpty }, toBe: volume.members, forms: forms)
    }

    /// The history of a tag is in one part, and the tag in another.
    @Test func aTagInAnotherPart() throws {
        var volume = SyntheticVolume()
        let digest = volume.push(image, "app", tag: "1")
        let history = "\(SyntheticVolume.root)/repositories/app/_manifests/tags/1/index/sha256"
        let link = TarMember.file("\(history)/\(digest.hex)/link", "\(digest)")
        try expect([volume.members, [link]], toBe: volume.members + [link], forms: [.tar])
    }

    /// A folder of blobs that several layouts share.
    @Test func sharedBlobs() throws {
        let members = image.layout()
        let blobs = members.filter { $0.name.hasPrefix("blobs/") }
        let shared = blobs.map {
            TarMember.file(String($0.name.dropFirst(6)), $0.fileContent ?? [])
        }
        let rest = members.filter { !$0.name.hasPrefix("blobs/") }
        try expect([rest, shared], toBe: members, forms: [.folder])
        try expect([rest, shared], toBe: members, forms: [.tar, .folder])
    }

    /// The children of an index are in another input, and gaps are not accepted.
    @Test(arguments: Form.allCases) func aPlatform(_ form: Form) throws {
        let arm = SyntheticImage(layers: other.layers, architecture: "arm64")
        let manifests = [image, arm].map { $0.ociManifest() }
        let index = Manifest.index(manifests.map { SyntheticImage.descriptor($0, .ociManifest) })
        let list =
            [
                .file(index.digest.blobPath, index.bytes),
                SyntheticImage.index([(index.bytes, .ociIndex, "app:1")]),
                SyntheticImage.layoutMark,
            ] as [TarMember]
        let site = try BuiltSite()
        let inputs = [
            try form.write(image.layoutBlobs() + list, "a", site),
            try form.write(arm.layoutBlobs() + list, "b", site),
        ]
        for gaps in [Selection.Gaps.fail, .prune] {
            let outcome = try site.build(inputs) { $0.selection.gaps = gaps }
            #expect(outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(try site.index.entries.map(\.manifest.digest) == [index.digest])
        }
    }

    /// A damaged or forged copy isn't taken, and an intact one is still found.
    @Test(arguments: Form.allCases) func damagedCopies(_ form: Form) throws {
        let members = image.layout()
        let layer = try #require(members.first { $0.name.hasPrefix("blobs/") })
        let rest = members.filter { $0.name != layer.name }
        var bytes = layer.fileContent ?? []
        bytes[20] ^= 1
        let damaged = TarMember.file(layer.name, bytes)
        let site = try BuiltSite()
        let inputs = [
            try form.write(rest, "rest", site), try form.write([damaged], "damaged", site),
        ]
        let refused = try site.build(inputs)
        #expect(Set(refused.errors.map(\.input)) == Set(inputs))
        #expect(refused.changes.isEmpty)
        let intact = try form.write([layer], "intact", site)
        let outcome = try site.build(inputs + [intact])
        #expect(outcome.errors.map(\.input) == [inputs[1]])
        #expect(outcome.changes.count == 1)
        #expect(try site.verify().faults.isEmpty)
    }

    /// One image of an input is completed, and the other one stays refused.
    @Test func onlyOneCanBeCompleted() throws {
        let first = image.layout("one:1").filter { $0.name.hasPrefix("blobs/") }
        let second = other.layout("two:1").filter { $0.name.hasPrefix("blobs/") }
        let roots = [image, other]
            .map { $0.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip") }
        let list = SyntheticImage.index([
            (roots[0], .ociManifest, "one:1"), (roots[1], .ociManifest, "two:1"),
        ])
        let site = try BuiltSite()
        let input = try site.archive("list.tar", [list, SyntheticImage.layoutMark])
        let blobs = try site.archive("blobs.tar", first + second.dropLast())
        let outcome = try site.build([input, blobs])
        #expect(outcome.errors.map(\.image) == ["docker.io/library/two:1"])
        #expect(try site.index.entries.map(\.name).count == 1)
        #expect(try site.verify().faults.isEmpty)
    }

    /// The largest layer of a real archive is only in another archive, or only in the site.
    @Test(arguments: [
        ("docker28-many.tar", "docker28-one.tar"), ("docker28ctr-many.tar", "docker28ctr-one.tar"),
        ("docker20-many.tar", "docker20-one.tar"),
    ])
    func theBaseOfARealArchive(_ name: String, _ base: String) throws {
        let members = try Fixture.members(name)
        let layers = try Self.layers(Fixture.members(base))
        let increment = members.filter { member in
            !layers.contains { $0 == member.fileContent }
        }
        #expect(increment.count < members.count)
        let whole = try BuiltSite([Fixture.path(name), Fixture.path(base)])
        for form in Form.allCases {
            let site = try BuiltSite()
            let input = try form.write(increment, "increment", site)
            #expect(try !site.build([input]).errors.isEmpty)
            let outcome = try site.build([input, Fixture.path(base)])
            #expect(outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(try site.published().keys.sorted() == whole.published().keys.sorted())
            let again = try site.build([input])
            #expect(again.errors.isEmpty, "\(again.errors)")
            #expect(try site.verify().faults == [])
        }
    }

    /// The contents of all tars in an archive, which are its layers.
    private static func layers(_ members: [TarMember]) -> [[UInt8]] {
        members.compactMap(\.fileContent)
            .filter { bytes in
                let start = bytes.prefix(262)
                return start.count == 262 && Array(start.suffix(5)) == Array("ustar".utf8)
                    || start.starts(with: [0x1F, 0x8B])
            }
    }
}
