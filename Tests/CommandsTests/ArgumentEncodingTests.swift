// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Commands

@Suite struct ArgumentEncodingTests {
    @Test func utf8IsAccepted() {
        let arguments = ["regstatic", "build", "Überfall/日本.tar", ""]
        #expect(ArgumentEncoding.error(in: arguments.map { Array($0.utf8) }) == nil)
    }

    @Test func otherBytesAreNamed() throws {
        let error = ArgumentEncoding.error(in: [Array("list".utf8), Array("a\t".utf8) + [0xE9]])
        #expect(
            try #require(error).hasPrefix("error: an argument isn't valid UTF-8: a\\x09\\xE9\n")
        )
    }
}
