// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Catalogue

/// Texts and numbers as they stand on a page.
@Suite struct WordingTests {
    @Test func linesBecomeParagraphs() {
        let lines = ["One of", "two lines.", "  a command", "  another", "Then", "more."]
        let expected = ["One of two lines.", "a command", "another", "Then more."]
        #expect(ClientValues.paragraphs(lines) == expected)
        #expect(ClientValues.paragraphs([]).isEmpty)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1234, "1.2 kB"), (99_949, "99.9 kB"),
        (123_456, "123 kB"), (5_000_000_000, "5 GB"),
    ])
    func sizes(_ bytes: Int, _ text: String) { #expect(Wording.size(bytes) == text) }

    @Test(arguments: [(7, "7"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
    func counts(_ number: Int, _ text: String) { #expect(Wording.count(number) == text) }

    @Test(arguments: [
        ("2026-11-23T10:13:27.123Z", "2026-11-23T10:13:27"), ("1970-01-01T00:00:00Z", nil),
        ("0001-01-01T00:00:00Z", nil), ("yesterday", nil), ("", nil),
        ("2026-11-23 10:13:27", nil), ("2026-11-2<T10:13:27Z", nil),
    ])
    func moments(_ text: String, _ moment: String?) { #expect(Wording.moment(text) == moment) }

    /// Text that is not what it looks like is spelled out.
    @Test(arguments: [
        ("plain", "plain"), ("gpj\u{202E}exe", "gpj[U+202E]exe"), ("a\u{0}b", "a[U+0000]b"),
        ("\u{1B}[31m", "[U+001B][31m"), ("\u{200F}", "[U+200F]"), ("\u{2066}x", "[U+2066]x"),
        ("zero\u{200B}width", "zero[U+200B]width"), ("a\nb\tc", "a\nb\tc"), ("عربي", "عربي"),
        ("\u{FFFE}", "[U+FFFE]"), ("\u{E000}", "[U+E000]"), ("👩‍🚀", "👩‍🚀"),
    ])
    func hiddenCharacters(_ text: String, _ visible: String) {
        #expect(Markup.visible(text) == visible)
    }

    @Test(arguments: [
        ("https://example.org/a?b=c#d", true), ("HTTP://example.org", true),
        ("javascript:alert(1)", false), ("data:text/html,x", false), ("//example.org", false),
        ("https://example.org/\"onclick=", false), ("https://example.org/ x", false),
        (" https://example.org", false), ("https://ex\u{202E}ample.org", false),
        ("https://" + String(repeating: "a", count: 600), false), ("ftp://example.org", false),
    ])
    func links(_ text: String, _ isLink: Bool) { #expect((Markup.link(text) == text) == isLink) }

    @Test func longTextsAreCutWithANote() {
        let allowance = Allowance(1000)
        #expect(allowance.text("short", limit: 10) == "short")
        #expect(allowance.text("0123456789ab", limit: 10) == "0123456789 … (2 more bytes)")
        #expect(allowance.left == 985)
        // What one part has used up, the others lack.
        #expect(
            allowance.text(String(repeating: "x", count: 5000), limit: 5000)
                .hasSuffix("(4,015 more bytes)")
        )
        #expect(allowance.text("y", limit: 10) == " … (1 more bytes)")
        #expect(allowance.rows([1, 2, 3], limit: 10).shown.isEmpty)
    }

    @Test(arguments: [
        (["sh", "-c", "echo 'a b'"], #"sh -c 'echo '\''a b'\'''"#),
        (["/bin/x", "--y=1"], "/bin/x --y=1"),
        ([""], "''"), ([], ""),
    ])
    func commandLines(_ words: [String], _ text: String) {
        #expect(ConfigView.commandLine(words) == text)
    }

    @Test func newerVersionsComeFirst() {
        let sorted = ["1.9", "1.10", "latest", "1.10-rc1", "2", "1.010", "alpine"]
            .sorted(by: ListedImage.isNewer)
        #expect(sorted.first == "latest")
        #expect(sorted.firstIndex(of: "1.10")! < sorted.firstIndex(of: "1.9")!)
        #expect(sorted.firstIndex(of: "2")! < sorted.firstIndex(of: "1.10")!)
    }
}
