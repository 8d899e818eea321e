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

    @Test func oneLineForEachDigest() throws {
        let layer = Self.part(1, .layer)
        let text = MissingContentText([
            ("a.tar", Self.content([layer], "e:1", "d:1", "c:1", "b:1", "a:1")),
            ("-", Self.content([layer, Self.part(2, .config)], "f:1")),
        ])
        let lines = try #require(text.lines).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("error: the refused images need 2 digests"))
        #expect(lines[1] == "  config \(Digest(of: [2])), needed by f:1 in standard input")
        #expect(
            lines[2] == "  layer \(Digest(of: [1])) (diffID), needed by a:1, b:1, c:1 and 2 more"
                + " in a.tar; f:1 in standard input"
        )
        #expect(lines[3].contains("name it in the same command"))
    }

    @Test func aLongListIsCut() throws {
        let parts = (0..<57).map { Self.part($0, .blob) }
        let text = MissingContentText([("a.tar", Self.content(parts, "a:1"))])
        let lines = try #require(text.lines).split(separator: "\n")
        #expect(lines.count == 23)
        #expect(lines[21] == "  and 37 more; --json lists all")
        #expect(text.json.array?.count == 57)
    }

    @Test func manyInputs() throws {
        let content = Self.content([Self.part(1, .manifest)], "a:1")
        let text = MissingContentText((1...5).map { ("\($0).tar", content) })
        let line = try #require(text.lines).split(separator: "\n")[1]
        #expect(line.hasSuffix("a:1 in 3.tar; and in 2 other inputs"))
    }

    /// The remedy is below the list, and not repeated for each image.
    @Test func noRemedyForEachImage() {
        let fault = SourceFault.lost(Digest(of: [1]), neededBy: Digest(of: [3]))
        let text = MissingContentText([("a.tar", Self.content([Self.part(1, .layer)], "a:1"))])
        func remedy(_ input: String, _ image: String, _ fault: SourceFault) -> String? {
            text.text(SourceError(input: input, image: image, fault: fault)).remedy
        }
        #expect(remedy("a.tar", "a:1", fault) == nil)
        #expect(remedy("b.tar", "a:1", fault) != nil)
        #expect(remedy("a.tar", "b:1", fault) != nil)
        #expect(remedy("a.tar", "a:1", .nullManifest) != nil)
        #expect(MissingContentText([]).lines == nil)
    }
}
