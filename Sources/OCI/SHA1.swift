// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CCrypto

/// SHA-1 as a name for bytes, where a server knows no better: never as a proof of anything.
package enum SHA1 {
    /// 40 hexadecimal digits.
    package static func hex(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        let status = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil)
        precondition(status == 1, "libcrypto failed to hash")
        var text: [UInt8] = []
        text.reserveCapacity(40)
        for byte in digest {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
