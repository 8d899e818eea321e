// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CCrypto

/// A private key.
///
/// New keys are ECDSA on P-256, which all TLS clients since 2012 support.
@safe package final class PrivateKey {
    let handle: OpaquePointer

    /// Makes a new key.
    init() throws(CertificateError) {
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        try OpenSSL.check(unsafe EVP_PKEY_keygen_init(context), "make a key")
        try OpenSSL.check(unsafe EVP_PKEY_CTX_set_group_name(context, "P-256"), "make a key")
        try OpenSSL.check(unsafe EVP_PKEY_generate(context, &key), "make a key")
        guard let key = unsafe key else { throw OpenSSL.failure("make a key") }
        unsafe handle = key
    }

    /// Reads a key of any kind; `file` is used in error messages.
    init(pem: [UInt8], file: String) throws(CertificateError) {
        let buffer = try PEMBuffer(pem)
        // The callback fails, so that libcrypto doesn't ask for a password at the terminal.
        let key = unsafe PEM_read_bio_PrivateKey(buffer.stream, nil, { _, _, _, _ in -1 }, nil)
        guard let key = unsafe key else { throw .unreadable(file, reason: OpenSSL.reason) }
        unsafe handle = key
    }

    deinit { unsafe EVP_PKEY_free(handle) }

    /// Encodes the key as PKCS #8 without encryption, so that servers start without a password.
    package func pem() throws(CertificateError) -> [UInt8] {
        let buffer = try PEMBuffer()
        try OpenSSL.check(
            unsafe PEM_write_bio_PKCS8PrivateKey(buffer.stream, handle, nil, nil, 0, nil, nil),
            "write a key"
        )
        return buffer.contents()
    }
}
