// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import Testing

/// Where images without a full name go.
@Suite struct PlacementTests {
    private func lines(
        _ images: [SavedImage],
        given: [String] = [],
        policy: NamePolicy = NamePolicy(),
        into index: SiteIndex = SiteIndex(),
        contents: [String] = ["a", "b", "c", "sbom", "signature"]
    ) throws -> [String] {
        let names = try given.map { try #require(GivenName($0)) }
        return try Sample.merge(images, into: index, policy: policy, given: names).index
            .lines(contents)
    }

    @Test func namesInTheArchive() throws {
        let image = try Sample.image("a", names: ["nginx:1", "ghcr.io/team/app:2"])
        #expect(try lines([image]) == ["nginx:1 a", "team/app:2 a"])
    }

    @Test func noName() throws {
        let image = try Sample.image("a")
        #expect(try lines([image]) == ["untagged:- a"])
        #expect(try lines([image], given: ["app:1"]) == ["app:1 a"])
        #expect(try lines([image], given: ["app"]) == ["app:- a"])
        let prefix = NamePolicy(prefix: RepositoryName("p"))
        #expect(try lines([image], given: ["app:1"], policy: prefix) == ["p/app:1 a"])
        #expect(try lines([image], policy: prefix) == ["p/untagged:- a"])
    }

    @Test func aRepositoryWithoutATag() throws {
        #expect(
            try lines([try Sample.image("a", names: ["ghcr.io/acme/tool"])]) == ["acme/tool:- a"]
        )
    }

    @Test func aTagWithoutARepository() throws {
        let image = try Sample.image("a", names: [":0.1.0"])
        #expect(try lines([image]) == ["untagged:- a"])
        #expect(try lines([image], given: ["charts/x"]) == ["charts/x:0.1.0 a"])
    }

    /// The user says another tag than the archive: the word of the user counts, too.
    @Test func aGivenTagIsNotDropped() throws {
        let image = try Sample.image("a", names: [":0.1.0"])
        let found = try lines([image], given: ["charts/x:2"])
        #expect(found.contains("charts/x:2 a"))
    }

    /// `cosign save` writes an image and its signatures without names: the tag is the image's.
    @Test func aGivenTagIsNotOneOfSignatures() throws {
        let image = Sample.digest("a")
        let signature = "sha256-\(image.hex).sig"
        let images = try [
            Sample.image("signature", names: [":\(signature)"], input: "x"),
            Sample.image("a", input: "x"), Sample.image("sbom", input: "x", subject: image),
        ]
        let found = try lines(images, given: ["app:1"])
        #expect(found == ["app:1 a", "app:\(signature) signature", "app:- sbom"])
        #expect(try lines(images, given: ["x=app:1"]) == found)
        let alone = try lines([images[0]], given: ["app:1"])
        #expect(alone == ["app:1 signature", "app:\(signature) signature"])
    }

    /// An image without a name gets the tag; another one has a tag already.
    @Test func aGivenTagIsForTheImageWithoutOne() throws {
        let images = try [
            Sample.image("a", names: [":1"], input: "x"), Sample.image("b", input: "x"),
        ]
        #expect(try lines(images, given: ["app:2"]) == ["app:1 a", "app:2 b"])
    }

    @Test func namesForOneInput() throws {
        let images = try [Sample.image("a"), Sample.image("b", input: "dir/b.tar")]
        #expect(
            try lines(images, given: ["a.tar=x:1", "b.tar=y:1"]) == ["x:1 a", "y:1 b"]
        )
        #expect(try lines(images, given: ["dir/b.tar=y:1"]) == ["untagged:- a", "y:1 b"])
    }

    /// A name for one input is meant more than a name for all.
    @Test func theMoreExactNameCounts() throws {
        let images = try [Sample.image("a"), Sample.image("b")]
        let found = try lines(images, given: ["rest", "a.tar=x:1"])
        #expect(found == ["rest:- b", "x:1 a"])
        #expect(try lines(images, given: ["a.tar=x:1", "rest"]) == ["rest:- b", "x:1 a"])
    }

    /// Every name that the user gives counts.
    @Test func severalNamesForOneInput() throws {
        let found = try lines([try Sample.image("a")], given: ["a.tar=x:1", "a.tar=y:2"])
        #expect(found == ["x:1 a", "y:2 a"])
    }

    @Test func namesThatFitNothing() throws {
        let named = try Sample.image("a", names: ["app:1"])
        #expect(throws: NamingError.unusedName("x:1")) { try lines([named], given: ["x:1"]) }
        let nameless = try Sample.image("b")
        #expect(throws: NamingError.unknownInput("z.tar=x:1")) {
            try lines([nameless], given: ["z.tar=x:1"])
        }
    }

    @Test func oneTagForSeveral() throws {
        let images = try [Sample.image("a"), Sample.image("b")]
        #expect(throws: NamingError.ambiguousName("x:1", images: 2)) {
            try lines(images, given: ["x:1"])
        }
        #expect(try lines(images, given: ["x"]).sorted() == ["x:- a", "x:- b"])
    }

    // MARK: Referrers

    /// An SBOM goes where its image is, in whatever input that came.
    @Test func referrers() throws {
        let image = try Sample.image("a", names: ["app:1", "team/app:1"])
        let sbom = try Sample.image("sbom", platforms: [], subject: image.root.digest)
        let expected = ["app:1 a", "app:- sbom", "team/app:1 a", "team/app:- sbom"]
        #expect(try lines([image, sbom]) == expected)
        #expect(try lines([sbom, image]) == expected)
    }

    @Test func referrersOfWhatTheSiteHas() throws {
        let image = try Sample.image("a", names: ["app:1"])
        let site = try Sample.merge([image]).index
        let sbom = try Sample.image("sbom", platforms: [], subject: image.root.digest)
        #expect(try lines([sbom], into: site) == ["app:1 a", "app:- sbom"])
    }

    @Test func referrersOfNothing() throws {
        let sbom = try Sample.image("sbom", platforms: [], subject: Sample.digest("elsewhere"))
        #expect(try lines([sbom]) == ["untagged:- sbom"])
    }

    /// A signature of an SBOM stands beside it.
    @Test func referrersOfReferrers() throws {
        let image = try Sample.image("a", names: ["app:1"])
        let sbom = try Sample.image("sbom", platforms: [], subject: image.root.digest)
        let signature = try Sample.image("signature", platforms: [], subject: sbom.root.digest)
        let found = try lines([image, sbom, signature])
        #expect(found.sorted() == ["app:- sbom", "app:- signature", "app:1 a"])
    }
}
