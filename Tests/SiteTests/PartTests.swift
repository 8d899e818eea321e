// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

@testable import Inputs
import Site
import SiteTestSupport
import SiteModel
import TestSupport
import Testing

/// The parts of a split file as inputs: one error names all of them.
@Suite struct PartTests {
    @Test(arguments: [
        ["p.aa", "p.ab", "p.ac"], ["a.tar.001", "a.tar.002"], ["a.part1", "a.part2", "a.part10"],
        ["xaa", "xab"], ["image-00", "image-01"], ["d/app.tar.gz.aaa", "d/app.tar.gz.aab"],
    ])
    func groups(_ parts: [String]) {
        #expect(PartName.groups(parts.reversed() + ["other.tar", "z.tgz"]) == [parts])
    }

    @Test(arguments: [
        ["a.tar", "b.tar"], ["app1.tar", "app2.tar"], ["a.tar.002", "a.tar.003"], ["aa"],
        ["v.tar", "v.tgz"],
    ])
    func others(_ inputs: [String]) { #expect(PartName.groups(inputs) == []) }

    @Test(arguments: [
        ("p.ab", true), ("p.002", true), ("p.part2", true), ("a.tar", false), ("a.tgz", false),
        ("a.gz", false), ("app-2", false), ("xab", false), ("app.1", false),
    ])
    func certain(_ name: String, _ isCertain: Bool) {
        #expect(PartName(name)?.isCertain ?? false == isCertain)
    }

    @Test(arguments: [nil, Packed.gzip, .xz]) func oneError(_ packed: Packed?) throws {
        let site = try BuiltSite()
        let tar = TarBuilder.tar(SyntheticImage.small.dockerArchive())
        let bytes = packed?(tar) ?? tar
        let size = bytes.count / 3
        var inputs: [String] = []
        for (name, start) in zip(
            ["aa", "ab", "ac", "ad"],
            stride(from: 0, to: bytes.count, by: size)
        ) {
            let part = Array(bytes[start..<min(start + size, bytes.count)])
            inputs.append(try site.folder.write("p.\(name)", part))
        }
        let other = try site.archive("b.tar", SyntheticImage.small.dockerArchive(["b:1"]))
        let outcome = try site.build([other] + inputs)
        #expect(outcome.changes.count == 1)
        #expect(outcome.errors.count == 1)
        guard case .parts(inputs)? = outcome.errors.first?.fault else {
            throw Unexpected("\(outcome.errors)")
        }
    }
}
