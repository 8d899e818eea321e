// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// SHA-1, only to identify bytes where a server supports no better hash, never for security.
package enum SHA1 {
    /// 40 hexadecimal digits.
    package static func hex(of bytes: [UInt8]) -> String {
        guard let text = WeakHash.sha1.hex(of: bytes) else {
            preconditionFailure("libcrypto failed to hash")
        }
        return text
    }
}
