// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Commands

@Suite struct NginxVersionTests {
    @Test(arguments: [
        ("nginx version: nginx/1.18.0", false), ("nginx version: nginx/1.19.4 (Ubuntu)", false),
        ("nginx version: nginx/1.19.5", true), ("nginx version: nginx/1.22.1", true),
        ("nginx version: nginx/2.0", true), ("nginx version: openresty/1.15.8.1", true), ("", true),
    ])
    func earlyLogIsAskedForSince1195(_ line: String, _ isKnown: Bool) {
        #expect(NginxVersion(line).earlyLog == (isKnown ? ["-e", "stderr"] : []))
    }
}
