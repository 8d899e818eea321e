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

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ])
    func md5(_ text: String, _ hex: String) {
        #expect(WeakHash.md5.hex(of: Array(text.utf8)) == hex)
    }
}
