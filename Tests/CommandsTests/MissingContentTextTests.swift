// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import Testing

@testable import Commands

/// What the user reads of content that is nowhere: one list, with one remedy.
@Suite struct MissingContentTextTests {
    private static func part(_ number: UInt8, _ kind: MissingContent.Kind) -> MissingContent.Part {
        MissingContent.Part(Digest(of: [number]), kind, isDiffID: kind == .layer)
    }

    private static func content(
        _ parts: [MissingContent.Part],
        _ images: String...
    ) -> MissingContent {
        var content = MissingContent()
        content.add(parts, neededBy: images)
        return content
    }

    private func lines(_ missing: [(input: String, MissingContent)]) throws -> [String] {
        try #require(MissingContentText(missing).lines).split(separator: "\n").map(String.init)
    }

    /// One image with many missing layers: four lines, the remedy before the digests.
    @Test func oneImage() throws {
        let content = Self.content((0..<25).map { Self.part($0, .layer) }, "big/app:1")
        let lines = try lines([("a b.tar", content)])
        #expect(lines.count == 4)
        #expect(
            lines[0] == "error: big/app:1 in a b.tar is refused, because 25 layers that it needs"
                + " can't be found in any input or in the site"
        )
        #expect(lines[1].hasSuffix("regstatic build 'a b.tar' BASE.tar -o SITE"))
        #expect(lines[2].hasSuffix("docker pull big/app:1; docker save big/app:1 -o FILE.tar"))
        #expect(lines[3].hasPrefix("  missing: layer sha256:"))
        #expect(lines[3].hasSuffix(" (diffID) and 23 more (--json lists them)"))
        #expect(!lines.joined().contains("--platform"))
    }

    @Test func manyImagesOfOneInput() throws {
        let parts = [Self.part(1, .layer), Self.part(2, .config)]
        let lines = try lines([("a.tar", Self.content(parts, "e:1", "d:1", "c:1", "b:1", "a:1"))])
        #expect(lines.count == 4)
        #expect(
            lines[0]
                .hasPrefix(
                    "error: a:1, b:1, c:1 and 2 more in a.tar are refused, because 1 config and 1 layer"
                )
        )
        #expect(lines[2].contains("docker pull NAME:TAG;"))
        #expect(
            lines[3] == "  missing: config \(Digest(of: [2])), layer \(Digest(of: [1])) (diffID)"
        )
    }

    /// Each group of images has one line.
    @Test func twoInputs() throws {
        let layer = Self.part(1, .layer)
        let lines = try lines([
            ("a.tar", Self.content([layer], "a:1")),
            ("-", Self.content([layer, Self.part(2, .config)], "f:1")),
        ])
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("error: images are refused, because 2 digests that they need"))
        #expect(lines[1].hasSuffix("regstatic build - a.tar BASE.tar -o SITE"))
        #expect(lines[3] == "  missing for f:1 in standard input: config \(Digest(of: [2]))")
        #expect(
            lines[4] == "  missing for a:1 in a.tar; f:1 in standard input: layer"
                + " \(Digest(of: [1])) (diffID)"
        )
    }

    @Test func manyGroups() throws {
        let lines = try lines(
            (0..<12).map { ("\($0).tar", Self.content([Self.part($0, .blob)], "a:1")) }
        )
        #expect(lines.count == 14)
        #expect(lines[1].contains("regstatic build INPUTS BASE.tar"))
        #expect(lines[13] == "  and 2 other groups of images; see --json")
    }

    @Test func manyInputs() throws {
        let content = Self.content([Self.part(1, .manifest)], "a:1")
        let line = try lines((1...5).map { ("\($0).tar", content) })[0]
        #expect(line.contains("a:1 in 3.tar; and in 2 other inputs are refused"))
    }

    /// The list replaces the errors of its images, and JSON has the same remedy.
    @Test func noLineForEachImage() throws {
        let fault = SourceFault.lost(Digest(of: [1]), neededBy: Digest(of: [3]))
        let text = MissingContentText([("a.tar", Self.content([Self.part(1, .layer)], "a:1"))])
        func error(_ input: String, _ image: String, _ fault: SourceFault) -> SourceError {
            SourceError(input: input, image: image, fault: fault)
        }
        let covered = error("a.tar", "a:1", fault)
        #expect(text.lines([covered]) == [text.lines])
        #expect(text.text(covered).remedy?.contains("build a.tar BASE.tar") == true)
        let others = [
            error("b.tar", "a:1", fault), error("a.tar", "b:1", fault),
            error("a.tar", "a:1", .nullManifest),
        ]
        for other in others {
            #expect(text.lines([other]) == [ErrorText(other).lines, text.lines])
            #expect(text.text(other) == ErrorText(other))
        }
        #expect(MissingContentText([]).lines == nil)
    }
}
