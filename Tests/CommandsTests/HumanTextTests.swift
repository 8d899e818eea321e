// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Streams
import Testing

@testable import Commands

@Suite struct HumanTextTests {
    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (999, "999 B"), (1000, "1 kB"), (1049, "1 kB"), (1050, "1.1 kB"),
        (9949, "9.9 kB"), (99_949, "99.9 kB"), (99_950, "100 kB"), (999_499, "999 kB"),
        (999_500, "1 MB"), (1_234_567, "1.2 MB"), (4 << 20, "4.2 MB"), (1_500_000_000, "1.5 GB"),
        (2_000_000_000_000, "2 TB"), (Int.max, "9223 PB"),
    ])
    func sizes(_ bytes: Int, _ text: String) { #expect(HumanText.size(bytes) == text) }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (3600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ])
    func durations(_ seconds: Int, _ text: String) {
        #expect(HumanText.duration(seconds) == text)
    }

    @Test func counts() {
        #expect(HumanText.count(0, "tag") == "0 tags")
        #expect(HumanText.count(1, "tag") == "1 tag")
        #expect(HumanText.count(2, "repository", plural: "repositories") == "2 repositories")
        #expect(HumanText.count(1, "repository", plural: "repositories") == "1 repository")
    }

    @Test func textsAreHarmless() {
        #expect(HumanText.printable("a\u{1B}[2J\nb\u{202E}") == "a\u{FFFD}[2J\u{FFFD}b\u{FFFD}")
        #expect(HumanText.printable(FileName.text([0x61, 0xFF, 0x1B])) == "a\\xff\u{FFFD}")
        #expect(HumanText.printable("\u{0}x\u{0}1b\u{0}") == "\u{FFFD}x\u{FFFD}1b\u{FFFD}")
    }

    @Test func tables() {
        #expect(
            HumanText.table([["A", "LONG", "C"], ["aaa", "b", "c"], ["x"]])
                == ["A    LONG  C", "aaa  b     c", "x"]
        )
        #expect(HumanText.table([]) == [])
    }

    @Test func wordsOfAShell() {
        #expect(ShellWord.quoted("a/b-1.0_x.tar") == "a/b-1.0_x.tar")
        #expect(ShellWord.quoted("größe.tar") == "größe.tar")
        #expect(ShellWord.quoted("with space") == "'with space'")
        #expect(ShellWord.quoted("it's") == #"'it'\''s'"#)
        #expect(ShellWord.quoted("") == "''")
        #expect(ShellWord.list(["a", "b c", "$HOME"]) == "a 'b c' '$HOME'")
    }
}
