// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A signature as `ssh-keygen -Y sign` writes it (OpenSSH's `PROTOCOL.sshsig`).
package struct SSHSignature: Hashable, Sendable {
    package let key: SSHPublicKey
    /// The use for which the signature was made.
    let namespace: [UInt8]
    /// The function that hashed the message: SHA-256 or SHA-512.
    let hash: HashFunction
    let proof: SignatureProof

    /// The largest file with a signature, in bytes; a signature with RSA and 16,384 bits has 6 kB.
    package static let maximumSize = 64 << 10

    /// Parses the text of a signature.
    package init(_ text: [UInt8]) throws(SignatureError) {
        guard text.count <= Self.maximumSize else { throw .tooLarge(limit: Self.maximumSize) }
        guard let content = Self.content(of: text) else { throw .notASignature }
        try self.init(content: content)
    }

    /// Parses the bytes that the base64 text of a signature stands for.
    private init(content: [UInt8]) throws(SignatureError) {
        var reader = WireReader(content)
        guard reader.bytes(Self.magic.count) == Self.magic, let version = reader.uint32() else {
            throw .notASignature
        }
        guard version == 1 else { throw .version(version) }
        guard let key = reader.string(), let namespace = reader.string(), !namespace.isEmpty,
            // The field "reserved", whose content the specification says to ignore.
            reader.string() != nil,
            let hash = reader.string(), let proof = reader.string(), reader.isAtEnd
        else { throw .notASignature }
        do throws(SSHKeyFault) { self.key = try SSHPublicKey(key) } catch { throw .key(error) }
        self.namespace = namespace
        switch HashFunction(rawValue: String(decoding: hash, as: UTF8.self)) {
        case .sha256: self.hash = .sha256
        case .sha512: self.hash = .sha512
        case .sha384, nil: throw .hashAlgorithm(ForeignText.shown(hash))
        }
        self.proof = try SignatureProof(proof, of: self.key)
    }

    private static let magic = Array("SSHSIG".utf8)

    /// Decodes the text between the first and the last line; nil if it has another form.
    private static func content(of text: [UInt8]) -> [UInt8]? {
        var text = text[...]
        if text.last == newline { text.removeLast() }
        guard text.starts(with: begin), text.count >= begin.count + end.count,
            text.suffix(end.count).elementsEqual(end)
        else { return nil }
        return Base64.decoded(
            text.dropFirst(begin.count).dropLast(end.count).filter { $0 != newline }
        )
    }

    private static let begin = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
    private static let end = Array("\n-----END SSH SIGNATURE-----".utf8)
    private static let newline = UInt8(ascii: "\n")

    /// Checks that the key made this signature of a message, for this use.
    ///
    /// This says nothing about whose key it is.
    package func check(
        _ message: SignedMessage,
        in expected: SignatureNamespace
    ) throws(SignatureError) {
        guard namespace.elementsEqual(expected.rawValue.utf8) else {
            throw .otherNamespace(found: ForeignText.shown(namespace), expected: expected)
        }
        let digest = hash == .sha256 ? message.sha256 : message.sha512
        let signed =
            Self.magic + Wire.string(namespace) + Wire.string("") + Wire.string(hash.rawValue)
            + Wire.string(digest)
        guard proof.isTouched else { throw .untouched(fingerprint: key.fingerprint) }
        guard proof.proves(signed, key) else { throw .mismatch(fingerprint: key.fingerprint) }
    }
}
