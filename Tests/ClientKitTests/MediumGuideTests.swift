// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ClientKit
import OCI
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// README.txt of a site with programs.
@Suite struct MediumGuideTests {
    private func guide(_ layout: SiteLayout, _ machines: [Machine], servers: [String] = [])
        -> String?
    {
        var contents = SiteContents(SiteIndex(), SiteGraph())
        contents.index.layout = layout
        contents.index.servers = servers
        for machine in machines { contents.index.programs[machine] = Digest(of: []) }
        let files = MediumGuide().files(for: contents, SitePlan(contents))
        return files.first.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func text() throws {
        let text = try #require(guide(.portable, [.arm64, .amd64], servers: ["nginx", "python"]))
        #expect(Golden.difference("medium-guide.txt", text) == nil)
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 120 })
    }

    @Test func onlySitesWithProgramsHaveIt() { #expect(guide(.plain, []) == nil) }

    @Test func examplesAreForAProgramOfTheMedium() throws {
        let text = try #require(guide(.plain, [.riscv64, .arm64]))
        #expect(text.contains("  cp program/regstatic-linux-arm64 ~/regstatic\n"))
        #expect(!text.contains("amd64") && !text.contains("python3"))
    }
}
