// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CCrypto

/// Hashes by which other programs compare files, never used for security.
///
/// The raw value is the name that rclone gives to the hash.
package enum WeakHash: String, CaseIterable, Sendable {
    case md5, sha1

    /// Computes lower-case hex digits; nil if libcrypto refuses the algorithm, for example MD5 in
    /// FIPS mode.
    package func hex(of bytes: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: self == .md5 ? 16 : 20)
        let algorithm = unsafe self == .md5 ? EVP_md5() : EVP_sha1()
        let status = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, algorithm, nil)
        guard status == 1 else { return nil }
        let digits = digest.flatMap { [Self.digit($0 >> 4), Self.digit($0 & 15)] }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
