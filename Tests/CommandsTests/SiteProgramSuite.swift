// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import TestSupport
import Testing

/// A suite that runs the program on the site `site` in a temporary folder.
protocol SiteProgramSuite {
    var folder: TemporaryFolder { get }
}

extension SiteProgramSuite {
    var site: String { folder["site"] }

    @discardableResult
    func run(_ arguments: String...) throws -> Command.Result {
        try Command.run(ProgramTests.binary, arguments)
    }

    /// Builds the site from fixtures.
    func build(_ names: String..., layout: String = "plain") throws {
        let inputs = names.map(Fixture.path)
        let arguments = ["build", "-q"] + inputs + ["-o", site, "--layout", layout]
        #expect(try Command.run(ProgramTests.binary, arguments).status == 0)
    }
}
