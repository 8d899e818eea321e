// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Images whose names no registry can have: `--name` gives them other names.
@Suite struct InvalidNameTests {
    private static let one = SyntheticImage(layers: [SyntheticImage.layer("f", "1")])
    private static let two = SyntheticImage(layers: [SyntheticImage.layer("f", "2")])

    private func build(
        _ members: [TarMember],
        names: [String],
        more: [TarMember]? = nil
    ) throws -> SiteBuild.Outcome {
        let site = try BuiltSite()
        var inputs = [try site.archive("cap.tar", members)]
        if let more { inputs.append(try site.archive("more.tar", more)) }
        return try site.build(inputs) { options in
            options.given = names.compactMap { GivenName($0) }
        }
    }

    private func names(_ outcome: SiteBuild.Outcome) -> [String] {
        outcome.changes.map(\.entry.name).sorted()
    }

    @Test(arguments: ["plant/app:1", "cap.tar=plant/app:1", "plant/app"], [false, true])
    func aNameReplacesIt(_ name: String, _ isLayout: Bool) throws {
        let members =
            isLayout
            ? Self.one.layout("docker.io/Plant/App:1") : Self.one.dockerArchive(["Plant/App:1"])
        let refused = try build(members, names: [])
        #expect(names(refused) == [])
        #expect(refused.errors.count == 1)
        let outcome = try build(members, names: [name])
        #expect(names(outcome) == ["plant/app:1"])
        #expect(outcome.errors.isEmpty)
    }

    /// Without the name of a file, a name for one of several inputs must not take their images.
    @Test func severalInputs() throws {
        let members = Self.one.dockerArchive(["Plant/App:1"])
        let nameless = Self.two.dockerArchive(nil)
        let outcome = try build(members, names: ["plant/app:1"], more: nameless)
        #expect(names(outcome) == ["plant/app:1"])
        #expect(outcome.errors.count == 1)
        let both = try build(members, names: ["cap.tar=a:1", "more.tar=b:1"], more: nameless)
        #expect(names(both) == ["a:1", "b:1"])
    }

    @Test func severalImages() throws {
        let images = [(Self.one, "Plant/App:1"), (Self.two, "Plant/App:2")]
        let entries = images.map { image, name in
            SyntheticImage.entry(
                config: "\(image.configDigest.hex).json",
                tags: [name],
                layers: image.diffIDs.map { "\($0.hex).tar" }
            )
        }
        let members =
            images.flatMap { $0.0.dockerArchive().without("manifest.json") }
            + [SyntheticImage.list(entries)]
        #expect(try names(build(members, names: ["plant/app"])) == ["plant/app:1", "plant/app:2"])
        #expect(throws: (any Error).self) { try build(members, names: ["plant/app:1"]) }
    }

    /// A valid name stays, and the other one is refused as before.
    @Test func oneValidName() throws {
        let members = Self.one.dockerArchive(["a:1", "Plant/App:1"])
        let outcome = try build(members, names: [])
        #expect(names(outcome) == ["a:1"])
        #expect(outcome.errors.count == 1)
    }
}
