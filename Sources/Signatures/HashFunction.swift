// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// The hash functions of OpenSSH's signatures, computed by libcrypto.
enum HashFunction: String, Sendable {
    case sha256
    case sha384
    case sha512

    var algorithm: OpaquePointer {
        switch self {
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let status = unsafe EVP_Digest(bytes, bytes.count, &result, &count, algorithm, nil)
        precondition(status == 1, "libcrypto failed to hash")
        return Array(result.prefix(Int(count)))
    }
}
