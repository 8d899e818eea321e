// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Servers
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// The policy of the pages is one constant; a server's configuration can only repeat it.
@Suite struct PolicyTests {
    private static let files = [
        "nginx/answers.conf", "servers/apache/htaccess", "servers/apache/registry.conf",
        "servers/caddy/registry.caddy", "servers/lighttpd/registry.lua", "servers/python/serve.py",
    ]

    @Test(arguments: files) func isRepeated(_ path: String) throws {
        let text = String(
            decoding: try Tree.contents("\(Fixture.repository)/\(path)"),
            as: UTF8.self
        )
        // Some languages write a long text as several literals.
        let joined = text.replacing(/"\s*(?:\.\.)?\s*"/, with: "")
        let policies = joined.ranges(of: "default-src").count
        #expect(policies > 0)
        #expect(joined.ranges(of: PagePlan.policyHeader).count == policies)
    }
}
