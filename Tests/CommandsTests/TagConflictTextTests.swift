// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Inputs
import Testing

@testable import Commands

/// What a user reads if several images claim one tag.
@Suite struct TagConflictTextTests {
    private static let one = Digest(of: [1])
    private static let two = Digest(of: [2])

    private static func conflict(
        names: [String],
        inputs: [String],
        digests: [Digest] = [one, two]
    ) -> SourceFault {
        guard let repository = RepositoryName("t/a"), let tag = Tag("1") else {
            preconditionFailure("a valid name")
        }
        let claims = zip(zip(names, inputs), digests)
            .map { place, digest in
                let (name, input) = place
                let host = String(name.prefix { $0 != "/" })
                return TagConflict.Claim(input: input, digest: digest, names: [name], hosts: [host])
            }
        let platform = Platform("linux/arm64")
        return .conflict(TagConflict(repository, tag, platform: platform, claims: claims))
    }

    /// A conflict names its inputs by itself, so that none of them seems to be the only one to blame.
    @Test func conflicts() {
        let names = ["docker.io/t/a:1", "quay.io/t/a:1"]
        let same = [names[0], names[0]]
        let texts: [(SourceFault, [String], without: String)] = [
            (
                Self.conflict(names: names, inputs: ["x.tar", "y.tar"]),
                [": docker.io/t/a:1 in x.tar; quay.io/t/a:1 in y.tar\n", "--keep-host."],
                without: "--replace"
            ),
            (
                Self.conflict(names: same, inputs: ["x.tar", "-"]),
                ["2 different images for linux/arm64", "tag: x.tar; standard input\n", "--prefix"],
                without: "--keep-host"
            ),
            (
                Self.conflict(names: same, inputs: ["x.tar", "x.tar"]),
                ["tag: x.tar; x.tar\n", "different tags", "--replace"],
                without: "--keep-host"
            ),
            // One image in two inputs, and two images with the same host.
            (
                Self.conflict(
                    names: [names[0], names[0], names[1], names[1]],
                    inputs: ["b.tar", "a.tar", "c.tar", "d.tar"],
                    digests: [Self.one, Self.one, Self.one, Self.two]
                ),
                [
                    "tag: docker.io/t/a:1, quay.io/t/a:1 in a.tar, b.tar, c.tar;"
                        + " quay.io/t/a:1 in d.tar\n",
                    "--keep-host. Some of the images also have the same host", "--replace",
                ],
                without: "  in  "
            ),
        ]
        for (fault, parts, without) in texts {
            let text = ErrorText(SourceError(input: "x.tar", image: "t/a:1", fault: fault))
            #expect(text.lines.hasPrefix("error: t/a:1: "), "\(text.lines)")
            #expect(text.what.contains("so neither gets the tag"), "\(text.lines)")
            for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
            #expect(!text.lines.contains(without), "\(text.lines)")
        }
    }
}
