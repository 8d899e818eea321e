// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

extension Integration {
    @Suite(.serialized)
    struct UmaskTests {
        /// A server that isn't root reads what a careful root built.
        @Test func siteDoesNotDependOnTheUmask() throws {
            let workspace = try Workspace()
            for umask in ["022", "077"] {
                try workspace.folder.makeFolder("parent\(umask)")
                let command = #"umask "$1" && exec "$2" build -q "$3" -o "$4""#
                try workspace.run(
                    "sh",
                    "-c",
                    command,
                    "sh",
                    umask,
                    Workspace.regstatic,
                    Fixture.docker20One,
                    workspace["parent\(umask)/site"]
                )
                .succeeded()
            }
            let usual = try workspace.folder.snapshot("parent022")
            let careful = try workspace.folder.snapshot("parent077")
            #expect(Tree.differences(usual, careful) == [])
        }
    }
}
