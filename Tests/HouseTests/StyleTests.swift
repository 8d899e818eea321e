// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing
import TestSupport

@Suite struct StyleTests {
    /// What ends the program on an input's fault, or hides one.
    @Test(arguments: ["try!", "as!", "fatalError(", "@unchecked"])
    func sourcesDoWithout(_ word: String) throws {
        for file in try House.sources.get() {
            for (index, line) in file.lines.enumerated() {
                let code = line.split(separator: "//", maxSplits: 1).first ?? ""
                let isThere =
                    code.hasPrefix(word) || code.contains(" \(word)") || code.contains("(\(word)")
                #expect(!isThere, "\(file.path):\(index + 1): \(word)")
            }
        }
    }

    /// Each case of an error has its own text, and users never read the names of Swift's cases.
    ///
    /// Only the text of `any Error` needs a default.
    @Test func errorTextsAreExhaustive() throws {
        let texts = try House.sources.get()
            .filter { $0.path.wholeMatch(of: #/Sources/Commands/\w+Text\.swift/#) != nil }
        try #require(texts.count > 5)
        let defaults = texts.flatMap { file in
            file.lines.filter { $0.contains(#/^ *default:/#) }.map { _ in file.path }
        }
        #expect(defaults == ["Sources/Commands/ErrorText.swift"])
        let names = texts.filter {
            $0.text.contains(#""\(error)""#) || $0.text.contains(#""\(fault)""#)
        }
        #expect(names.map(\.path) == [])
    }

    @Test func filesBeginWithTheLicence() throws {
        let header = ["SPDX-License-Identifier: Apache-2.0", "Copyright the regstatic authors"]
        for file in try House.swift.get() {
            #expect(Array(file.lines.prefix(2)) == header.map { "// \($0)" }, "\(file.path)")
        }
        for file in try House.files("Sources", ".c", ".h", "module.modulemap") {
            #expect(file.lines.prefix(2).joined().contains(header[0]), "\(file.path)")
        }
        for file in try House.files("servers", ".conf") + House.files("nginx", ".conf") {
            #expect(file.lines.prefix(2).joined().contains(header[0]), "\(file.path)")
        }
    }

    @Test func filesEndWithOneNewline() throws {
        for file in try House.swift.get() + House.files("Sources", ".c", ".h") {
            #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"), "\(file.path)")
        }
    }

    /// Tests make all they need: nothing of a developer's machine.
    @Test func testsUseNoOldFramework() throws {
        let name = "XC" + "Test"
        for file in try House.files("Tests", ".swift") {
            #expect(!file.text.contains("import \(name)"), "\(file.path)")
        }
    }
}
