// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// A public key in libcrypto.
@safe final class VerifyingKey {
    private let handle: OpaquePointer

    /// Takes a key in X.509's form; nil if it has no valid numbers, such as a point that isn't on
    /// its curve.
    init?(_ der: [UInt8]) {
        let parsed = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, buffer.count)
        }
        guard let parsed = unsafe parsed else {
            ERR_clear_error()
            return nil
        }
        unsafe handle = parsed
    }

    deinit { unsafe EVP_PKEY_free(handle) }

    /// Whether the signature is this key's signature of the message; `hash` is nil for Ed25519,
    /// which hashes by itself.
    func accepts(_ signature: [UInt8], of message: [UInt8], _ hash: HashFunction?) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        let algorithm = unsafe hash?.algorithm
        guard unsafe EVP_DigestVerifyInit(context, nil, algorithm, nil, handle) == 1 else {
            return false
        }
        let status = unsafe EVP_DigestVerify(
            context,
            signature,
            signature.count,
            message,
            message.count
        )
        return status == 1
    }
}

extension SSHPublicKey {
    /// The key as an X.509 `SubjectPublicKeyInfo` (RFC 5280, RFC 5480, RFC 8410).
    var subjectPublicKeyInfo: [UInt8] {
        switch material {
        case .ed25519(let key):
            DER.sequence(DER.sequence(DER.identifier([0x2B, 0x65, 0x70])), DER.bitString(key))
        case .point(let point):
            DER.sequence(
                DER.sequence(
                    DER.identifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]),
                    DER.identifier(type.curve?.identifier ?? [])
                ),
                DER.bitString(point)
            )
        case .rsa(let modulus, let exponent):
            DER.sequence(
                DER.sequence(
                    DER.identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]),
                    DER.null
                ),
                DER.bitString(DER.sequence(DER.integer(modulus), DER.integer(exponent)))
            )
        }
    }
}
