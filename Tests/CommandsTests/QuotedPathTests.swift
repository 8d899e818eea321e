// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import OCI
import SiteTestSupport
import TestSupport
import Testing

@testable import Commands

/// Commands in texts can be pasted although a path has a blank.
@Suite struct QuotedPathTests {
    @Test func commandsOfABuild() throws {
        let folder = try TemporaryFolder()
        let tar = TarBuilder.tar(SyntheticImage.small.dockerArchive())
        let input = try folder.write("my app.tar", tar)
        let site = folder["my site"]
        let run = try Command.run(ProgramTests.binary, ["build", input, "-o", site])
        #expect(run.errors.contains("regstatic serve '\(site)'"), "\(run.errors)")
        #expect(run.errors.contains("regstatic clients '\(site)' --host"), "\(run.errors)")
    }

    @Test func commandsOfErrors() {
        let faults: [SourceFault] = [
            .parts(["my app.aa", "my app.ab"]), .invalidName("A:1"),
            .unread(.archives(["x.tar"]), isFolder: true),
        ]
        for fault in faults {
            let error = SourceError(input: "my app", image: nil, fault: fault)
            #expect(ErrorText(error).lines.contains("'my app"), "\(fault)")
        }
    }
}
