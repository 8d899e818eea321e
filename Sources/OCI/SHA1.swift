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
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
