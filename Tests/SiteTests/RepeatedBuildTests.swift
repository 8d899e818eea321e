// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
import Inputs
import TestSupport
import Testing

/// The same inputs twice give the same site as once, in any order.
@Suite struct RepeatedBuildTests {
    /// The image of the layout has a name in the other input, and the referrers stand beside both.
    @Test func referrersOfAnImageWithAndWithoutAName() throws {
        let named = try Sample.image("a", names: ["app:1"], input: "named.tar")
        let nameless = try Sample.image("a", input: "layout")
        let sbom = try Sample.image("sbom", platforms: [], subject: named.root.digest)
        let once = try Sample.merge([nameless, sbom, named]).index
        #expect(
            once.lines(["a", "sbom"]).sorted() == [
                "app:- sbom", "app:1 a", "untagged:- a", "untagged:- sbom",
            ]
        )
        #expect(try Sample.merge([nameless, sbom, named], into: once).index.bytes == once.bytes)
    }

    /// Images, indexes and referrers that contain and name each other in any way.
    @Test(arguments: 0..<200) func anyImages(_ seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let (images, children) = try Self.images(&generator)
        let once = try Sample.merge(images, children: children).index
        let twice = try Sample.merge(images, into: once, children: children).index
        #expect(twice.bytes == once.bytes)
        let shuffled = images.shuffled(using: &generator)
        let turned = try Sample.merge(shuffled, children: children).index
        #expect(turned.bytes == once.bytes)
    }

    private static func images(
        _ generator: inout Generator
    ) throws -> (images: [SavedImage], children: [Digest: [Descriptor]]) {
        var images: [SavedImage] = []
        var children: [Digest: [Descriptor]] = [:]
        for number in 0..<Int.random(in: 2...8, using: &generator) {
            let content = "c\(number)"
            let isIndex = !images.isEmpty && Int.random(in: 0..<4, using: &generator) == 0
            let earlier = images.randomElement(using: &generator)?.root
            let subjects = [nil, earlier?.digest, earlier?.digest, Sample.digest("elsewhere")]
            let subject = subjects.randomElement(using: &generator) ?? nil
            if isIndex {
                children[Sample.digest(content)] =
                    images.filter { _ in
                        Bool.random(using: &generator)
                    }
                    .map(\.root)
            }
            for input in 0..<Int.random(in: 1...2, using: &generator) {
                let names = ["x:\(content)", "y:\(content)", "z", ":\(content)", nil, nil, nil]
                let name = names.randomElement(using: &generator) ?? nil
                images.append(
                    try Sample.image(
                        content,
                        names: [name].compactMap(\.self),
                        platforms: subject == nil && !isIndex ? ["amd64"] : [],
                        kind: isIndex ? .ociIndex : .ociManifest,
                        input: "\(input).tar",
                        subject: subject
                    )
                )
            }
        }
        return (images, Self.closed(children))
    }

    /// All manifests below each index, as the graph of a site lists them.
    private static func closed(_ children: [Digest: [Descriptor]]) -> [Digest: [Descriptor]] {
        children.mapValues { direct in
            var all: [Descriptor] = []
            var rest = direct
            while let next = rest.popLast() {
                all.append(next)
                rest += children[next.digest] ?? []
            }
            return all
        }
    }

    /// Archives of real tools: each one beside a layout whose image has no repository, and all of them.
    @Test(arguments: Fixture.names + ["all"]) func anyArchives(_ name: String) throws {
        let names = name == "all" ? Fixture.names : ["oci-referrers", name]
        let inputs = names.map(Fixture.path)
        let site = try BuiltSite()
        try site.build(inputs) { $0.replace = true }
        let once = try site.snapshot()
        try site.build(inputs) { $0.replace = true }
        #expect(Tree.differences(once, try site.snapshot()) == [])
    }
}
