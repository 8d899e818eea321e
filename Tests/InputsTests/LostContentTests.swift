// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Content that an input had and has lost is damage; what it never had is a gap in an index.
@Suite struct LostContentTests {
    static let amd = SyntheticImage(layers: [SyntheticImage.layer("a", "amd")])
    static let arm = SyntheticImage(
        layers: [SyntheticImage.layer("b", "arm")],
        architecture: "arm64"
    )
    static let index = Manifest.index([descriptor(amd, "amd64"), descriptor(arm, "arm64")]).bytes

    static func manifest(_ image: SyntheticImage) -> [UInt8] {
        image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
    }

    private static func descriptor(_ image: SyntheticImage, _ architecture: String) -> Descriptor {
        var descriptor = SyntheticImage.descriptor(manifest(image), .ociManifest)
        descriptor.platform = Platform("linux/\(architecture)")
        return descriptor
    }

    /// What of the arm64 image is lost.
    enum Part: CaseIterable {
        case manifest, config, layer

        var digest: Digest {
            switch self {
            case .manifest: Digest(of: LostContentTests.manifest(LostContentTests.arm))
            case .config: LostContentTests.arm.configDigest
            case .layer: Digest(of: Packed.gzip(LostContentTests.arm.layers[0]))
            }
        }

        /// The document that says that it must be there.
        var owner: Digest {
            switch self {
            case .manifest: Digest(of: LostContentTests.index)
            case .config, .layer: Part.manifest.digest
            }
        }
    }

    // MARK: Sites

    /// A site with an index for two platforms, and another image.
    private func site(_ copies: Bool, contentTypes: Bool) -> [TarMember] {
        let blobs = [Self.amd, Self.arm, .small]
            .flatMap { $0.layoutBlobs(packing: { Packed.gzip($0) }, suffix: "+gzip") }
        let small = SyntheticImage.descriptor(Self.manifest(.small), .ociManifest)
        let entries = [
            (SyntheticImage.descriptor(Self.index, .ociIndex), "team/app:1"), (small, "small:1"),
        ]
        .map { descriptor, name in
            var descriptor = descriptor
            descriptor.annotations = [JSON.Member(AnnotationKey.refName, .string(name))]
            return descriptor.json
        }
        let list = JSON.object([
            "schemaVersion": .integer(2), "manifests": .array(entries),
            "annotations": .object([JSON.Member("regstatic.site", .string("1"))]),
        ])
        let arm = Part.manifest.digest
        let served = JSON.object([
            JSON.Member("/v2/team/app/manifests/\(arm)", .object(["digest": .string("\(arm)")]))
        ])
        let copy = TarMember.file(
            "manifests/sha256/\(arm.hex).oci-manifest",
            Self.manifest(Self.arm)
        )
        return blobs + [
            .file(Digest(of: Self.index).blobPath, Self.index),
            .file("index.json", list.canonicalBytes), SyntheticImage.layoutMark,
        ] + (copies ? [copy] : [])
            + (contentTypes ? [.file("content-types.json", served.canonicalBytes)] : [])
    }

    @Test(arguments: Part.allCases, Way.allCases)
    func ofASite(_ part: Part, _ way: Way) throws {
        let members = site(true, contentTypes: true).without(part.digest.blobPath)
        let reading = try way.read(members)
        #expect(
            reading.faults.map { "\($0)" }
                == ["\(SourceFault.lost(part.digest, neededBy: part.owner))"]
        )
        #expect(reading.outcome.errors.map(\.image) == ["team/app:1"])
        #expect(reading.images.map { $0.names.map(\.text) } == [["served small:1"]])
    }

    /// Either of the two says that the manifest was there.
    @Test(arguments: [(true, false), (false, true), (true, true)], Way.allCases)
    func theEvidence(_ evidence: (copies: Bool, contentTypes: Bool), _ way: Way) throws {
        let members = site(evidence.copies, contentTypes: evidence.contentTypes)
            .without(Part.manifest.digest.blobPath)
        #expect(try way.read(members).faults.count == 1)
    }

    /// The names in `v2/` say so, too, where content-types.json is lost.
    @Test(arguments: Way.allCases) func theNamesAsEvidence(_ way: Way) throws {
        let arm = Part.manifest.digest
        let name = TarMember.file("v2/team/app/manifests/\(arm)", Self.manifest(Self.arm))
        let members = site(false, contentTypes: false).without(arm.blobPath) + [name]
        #expect(try way.read(members).faults.count == 1)
    }

    /// Evidence that can't be read isn't taken for none.
    @Test(arguments: Way.allCases) func damagedEvidence(_ way: Way) throws {
        let members = site(false, contentTypes: true)
            .without(Part.manifest.digest.blobPath)
            .changing("content-types.json") { Array($0.dropLast(5)) }
        let reading = try way.read(members)
        guard case .json(_, let document)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(document.hasSuffix("content-types.json"))
        #expect(reading.images.count == 2)
    }

    /// Without any, the platform never came: archives carry one platform of many.
    @Test(arguments: Way.allCases) func aSparseIndexStays(_ way: Way) throws {
        let members = site(false, contentTypes: false)
            .without(Part.manifest.digest.blobPath)
            .without(Part.config.digest.blobPath).without(Part.layer.digest.blobPath)
        let reading = try way.read(members)
        #expect(reading.faults.isEmpty)
        let image = try #require(reading.images.first { !$0.missing.isEmpty })
        #expect(image.missing.map(\.digest) == [Part.manifest.digest])
    }

    /// The remedy that the error names.
    @Test(arguments: Part.allCases) func whatIsWholeIsTaken(_ part: Part) throws {
        let folder = try TemporaryFolder()
        for member in site(true, contentTypes: true).without(part.digest.blobPath) {
            try folder.write(member.name, member.fileContent ?? [])
        }
        let platforms = [Platform("linux/amd64")].compactMap(\.self)
        let reading = try Reading(folder.path, selection: Selection(platforms: platforms))
        #expect(reading.faults.isEmpty)
        #expect(reading.images.count == 2)
    }

    // MARK: Links

    @Test(arguments: ["blobs", "blobs/sha256", "manifests/sha256", ".regstatic", "index.json"])
    func aLinkInASite(_ path: String) throws {
        let folder = try TemporaryFolder()
        for member in site(true, contentTypes: true) + [.file(".regstatic/inputs.json", "{}")] {
            try folder.write(member.name, member.fileContent ?? [])
        }
        let outside = try TemporaryFolder()
        try folder.move(path, to: "../\(outside.path.split(separator: "/").last ?? "")/x")
        try folder.makeLink(path, to: outside["x"])
        let reading = try Reading(folder.path)
        guard
            case .archive(.link(path), _)? = reading.faults.first(where: { fault in
                if case .archive(.link, _) = fault { true } else { false }
            })
        else {
            Issue.record("\(reading.faults)")
            return
        }
        if path.hasPrefix("blobs") { #expect(reading.images.isEmpty) }
    }

    /// A blob may be a link to another file of the layout; one that leads out is no blob.
    @Test func aBlobThatIsALink() throws {
        let folder = try TemporaryFolder()
        for member in site(true, contentTypes: true) {
            try folder.write("site/\(member.name)", member.fileContent ?? [])
        }
        let path = "site/\(Part.layer.digest.blobPath)"
        try folder.move(path, to: "secret")
        try folder.makeLink(path, to: "../../../secret")
        let reading = try Reading(folder["site"])
        guard case .member(.linkOutside, _)? = reading.faults.first else {
            Issue.record("\(reading.faults)")
            return
        }
        #expect(reading.images.count == 1)
    }

    /// An unpacked `docker save` is read as its tar: `manifest.json` counts there, too.
    @Test(arguments: ["docker28-many.tar", "docker28-one.tar", "docker28ctr-many.tar"])
    func anUnpackedArchive(_ name: String) throws {
        let folder = try TemporaryFolder()
        for member in try Fixture.members(name) {
            guard case .file(let bytes) = member.kind else { continue }
            try folder.write(member.name, bytes)
        }
        #expect(try Reading(folder.path).description == Reading(Fixture.path(name)).description)
    }
}
