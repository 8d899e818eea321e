// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import CCrypto

@testable import Signatures

/// A security key (FIDO) that signs as OpenSSH's `PROTOCOL.u2f` says, with a key in libcrypto.
final class SecurityKey {
    private let handle: OpaquePointer
    let type: SSHKeyType
    var application = "ssh:"
    var flags: UInt8 = 0x01
    var counter: UInt32 = 7

    init(_ type: SSHKeyType) {
        self.type = type
        let made =
            type == .securityKeyEd25519
            ? Self.makeEd25519() : Self.makeNISTP256()
        guard let made else { fatalError("libcrypto makes no key") }
        handle = made
    }

    deinit { EVP_PKEY_free(handle) }

    private static func makeEd25519() -> OpaquePointer? { make(EVP_PKEY_ED25519, curve: nil) }

    private static func makeNISTP256() -> OpaquePointer? {
        make(EVP_PKEY_EC, curve: NID_X9_62_prime256v1)
    }

    private static func make(_ kind: Int32, curve: Int32?) -> OpaquePointer? {
        let context = EVP_PKEY_CTX_new_id(kind, nil)
        defer { EVP_PKEY_CTX_free(context) }
        EVP_PKEY_keygen_init(context)
        if let curve { EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve) }
        var key: OpaquePointer?
        EVP_PKEY_keygen(context, &key)
        return key
    }

    /// The key's bytes in OpenSSH's form.
    var blob: [UInt8] {
        Wire.string(type.rawValue)
            + (type == .securityKeyEd25519
                ? Wire.string(rawKey) : Wire.string("nistp256") + Wire.string(point))
            + Wire.string(application)
    }

    /// The key as it stands in a file.
    var text: String {
        let digits = Base64.unpadded(blob)
        return "\(type.rawValue) \(digits)"
            + String(repeating: "=", count: (4 - digits.count % 4) % 4)
    }

    private var rawKey: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = 32
        EVP_PKEY_get_raw_public_key(handle, &bytes, &count)
        return bytes
    }

    private var point: [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = EVP_PKEY_get1_encoded_public_key(handle, &start)
        defer { CRYPTO_free(start, #file, #line) }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// The text of a signature of a message.
    func sign(_ message: [UInt8]) -> [UInt8] {
        let signed =
            Array("SSHSIG".utf8) + Wire.string(SignatureNamespace.site.rawValue)
            + Wire.string("") + Wire.string("sha512")
            + Wire.string(HashFunction.sha512.hash(message))
        let bigEndian = stride(from: 24, through: 0, by: -8)
            .map { UInt8(counter >> UInt32($0) & 0xFF) }
        let token = [flags] + bigEndian
        let data =
            HashFunction.sha256.hash(Array(application.utf8)) + token
            + HashFunction.sha256.hash(signed)
        let made = signature(of: data)
        let proof = Wire.string(type.rawValue) + Wire.string(encoded(made)) + token
        return Armor.text(SSHSignature.Fields(key: blob, proof: proof).content)
    }

    private func signature(of data: [UInt8]) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestSignInit(
            context,
            nil,
            type == .securityKeyEd25519 ? nil : EVP_sha256(),
            nil,
            handle
        )
        var bytes = [UInt8](repeating: 0, count: 128)
        var count = bytes.count
        EVP_DigestSign(context, &bytes, &count, data, data.count)
        return Array(bytes.prefix(count))
    }

    /// The signature in OpenSSH's form: for ECDSA, two numbers.
    private func encoded(_ signature: [UInt8]) -> [UInt8] {
        guard type != .securityKeyEd25519 else { return signature }
        // SEQUENCE { INTEGER, INTEGER } of fewer than 128 bytes; an mpint has an INTEGER's bytes.
        var reader = WireReader(signature.dropFirst(2))
        return (0..<2)
            .flatMap { _ -> [UInt8] in
                _ = reader.byte()
                return Wire.string(reader.bytes(Int(reader.byte() ?? 0)) ?? [])
            }
    }
}
