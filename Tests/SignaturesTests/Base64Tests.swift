// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Signatures

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func encodesAndDecodes(_ text: String, _ encoded: String) {
        #expect(Base64.decoded(encoded.utf8) == Array(text.utf8))
        #expect(Base64.unpadded(Array(text.utf8)) == encoded.filter { $0 != "=" })
    }

    /// Other texts would be a second form of the same bytes, or of none.
    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm 9", "Zm9v\n",
        "Zm9-", "Zm9_",
    ])
    func refusesOtherForms(_ text: String) {
        #expect(Base64.decoded(text.utf8) == nil)
    }
}
