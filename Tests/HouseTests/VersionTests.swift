// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing
import TestSupport

/// The version has one home, `Version.number`; other files only repeat it.
@Suite struct VersionTests {
    private func text(_ path: String) throws -> String {
        String(decoding: try Tree.contents("\(House.root)/\(path)"), as: UTF8.self)
    }

    private func version() throws -> Substring {
        let source = try text("Sources/Commands/Version.swift")
        let match = try #require(source.firstMatch(of: /static let number = "([0-9.]+)"/))
        return match.1
    }

    @Test(arguments: [
        ("CHANGELOG.md", "## [VERSION]"), ("README.md", "regstatic_VERSION_amd64.deb"),
        ("packaging/debian/changelog", "regstatic (VERSION) "),
    ])
    func isRepeated(_ path: String, _ pattern: String) throws {
        let words = pattern.replacing("VERSION", with: try version())
        #expect(try text(path).contains(words))
    }

    /// The date of the manual, and the time of all files in a release.
    @Test func dateIsRepeated() throws {
        let source = try text("Sources/Commands/Version.swift")
        let date = try #require(source.firstMatch(of: /static let date = "([0-9-]+)"/)).1
        let heading = "## [\(try version())] - \(date)\n"
        #expect(try text("CHANGELOG.md").contains(heading))
        let changelog = try text("packaging/debian/changelog")
        let time = try #require(changelog.firstMatch(of: /\n -- .*>  (.*)/)).1
        let day = try Command.run("date", ["-u", "-d", String(time), "+%F"]).text
        #expect(day == "\(date)\n")
    }

    /// The newest entry is that of the version that is being built.
    @Test func isTheNewest() throws {
        let version = try version()
        let headings = try text("CHANGELOG.md").split(separator: "\n")
            .filter { $0.hasPrefix("## [") }
        #expect(headings.first?.hasPrefix("## [\(version)]") == true)
        #expect(try text("packaging/debian/changelog").hasPrefix("regstatic (\(version)) "))
    }
}
