// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CCrypto

/// A running SHA-256 computation with the system's libcrypto.
///
/// libcrypto uses SHA instructions if the processor has them, and regstatic doesn't have to compile
/// it.
@safe package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("libcrypto has no SHA-256") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto failed to hash")
    }

    /// The digest of all bytes so far; ends the computation.
    package consuming func finish() -> Digest {
        let bytes = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            let status = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            precondition(status == 1, "libcrypto failed to hash")
            return unsafe Array(buffer)
        }
        guard let digest = Digest(bytes: bytes) else {
            preconditionFailure("32 bytes are a digest")
        }
        return digest
    }
}

extension Digest {
    /// The digest of some bytes in memory.
    package init(of bytes: [UInt8]) {
        var hash = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
        self = hash.finish()
    }
}
