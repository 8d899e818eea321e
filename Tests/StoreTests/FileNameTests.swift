// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Store
import Streams
import TestSupport
import Testing

/// Names of files lead back to the files, whatever their bytes.
@Suite struct FileNameTests {
    @Test(arguments: ["a", "é", "a\\xff", "%FF", "\u{FFFD}", "\u{1F642}", "\n"])
    func namesInUTF8StayAsTheyAre(_ name: String) {
        #expect(FileName.text(Array(name.utf8)) == name)
        #expect(FileName.bytes(name) == Array(name.utf8))
        #expect(FileName.visible(name) == name)
    }

    @Test(
        arguments: [
            ([0x61, 0xFF], "a\\xff"), ([0xE9], "\\xe9"), ([0xC3, 0xA9, 0xE9, 0x62], "é\\xe9b"),
            // A surrogate, an overlong slash, and the start of a character.
            ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"), ([0xC0, 0xAF], "\\xc0\\xaf"),
            ([0xE2, 0x82], "\\xe2\\x82"),
        ] as [([UInt8], String)]
    )
    func otherBytesAreShown(_ name: [UInt8], _ shown: String) {
        let text = FileName.text(name)
        #expect(FileName.bytes(text) == name)
        #expect(FileName.visible(text) == shown)
    }

    @Test func everyNameComesBack() {
        var generator = Generator(seed: 7)
        let common: [UInt8] = [0x2E, 0x30, 0x66, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xFF, 0xED, 0xF0]
        var seen: [String: [UInt8]] = [:]
        for _ in 0..<3000 {
            let name = (0..<Int.random(in: 1...6, using: &generator))
                .map { _ in
                    Bool.random(using: &generator)
                        ? common.randomElement(using: &generator) ?? 1
                        : UInt8.random(in: 1...255, using: &generator)
                }
            let text = FileName.text(name)
            #expect(FileName.bytes(text) == name)
            #expect(seen.updateValue(name, forKey: text) ?? name == name)
        }
    }

    /// No escape hides a slash, a dot, or the end of a name.
    @Test(arguments: ["\u{0}", "a\u{0}", "\u{0}2f", "\u{0}2e", "\u{0}00", "\u{0}f", "\u{0}zz"])
    func textsThatNoFileHas(_ text: String) throws {
        #expect(FileName.bytes(text) == nil)
        let site = try TemporaryFolder()
        try site.write("a", "kept")
        let folder = try Folder(site.path, creating: false)
        #expect(throws: FileError.self) { try folder.status(text) }
        #expect(throws: FileError.self) { try folder.digest(of: "a\(text)") }
    }

    /// Bytewise, not in the order of characters.
    @Test(arguments: [("", "a"), ("a", "ab"), ("a.b", "a/b"), ("B", "a"), ("e\u{301}", "\u{e9}")])
    func hasAnOrder(_ first: String, _ second: String) {
        #expect(FileName.precedes(first, second))
        #expect(!FileName.precedes(second, first))
        #expect(!FileName.precedes(first, first))
    }

    @Test func aFolderFindsWhatItLists() throws {
        let site = try TemporaryFolder()
        let folder = try Folder(site.path, creating: false)
        try site.write("d/\u{FFFD}", "1")
        try site.write(name: [0xFF], in: "d", "22")
        try site.write(name: [0xFE], in: "d", "333")
        try site.write("inner", "4444")
        try site.makeFolder(name: [0x64, 0xE9], in: "d", moving: "inner")
        let files = try folder.files(below: "d")
        #expect(
            files.map(FileName.visible) == ["d/\\xfe", "d/\\xff", "d/d\\xe9/inner", "d/\u{FFFD}"]
        )
        #expect(try files.map { try folder.contents($0, limit: 9)?.count } == [3, 2, 4, 1])
        folder.clear("d")
        #expect(try folder.names(in: "d").isEmpty)
    }
}
