// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

/// The examples of FIPS 180-4's predecessors.
@Suite struct SHA1Tests {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ])
    func names(_ text: String, _ hex: String) {
        #expect(SHA1.hex(of: Array(text.utf8)) == hex)
    }
}
