// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The innermost part of a signature: its algorithm, the numbers of the signature, and the data that
/// a security key added.
struct SignatureProof: Hashable, Sendable {
    private let hash: HashFunction?
    private let numbers: Numbers
    /// What a security key adds to a signature.
    private let token: Token?

    private enum Numbers: Hashable {
        case ed25519([UInt8])
        case ecdsa(r: [UInt8], s: [UInt8])
        case rsa([UInt8])
    }

    /// The flags and the counter of a security key (OpenSSH's `PROTOCOL.u2f`).
    private struct Token: Hashable {
        let flags: UInt8
        /// The counter as it stands in the signature.
        let counter: [UInt8]
    }

    init(_ bytes: [UInt8], of key: SSHPublicKey) throws(SignatureError) {
        var reader = WireReader(bytes)
        guard let name = reader.name(), let part = reader.string() else { throw .notASignature }
        guard let hash = Self.hash(of: name, key.type) else {
            throw .algorithm(ForeignText.shown(name))
        }
        self.hash = hash
        guard let numbers = Self.numbers(part, of: key) else { throw .notASignature }
        self.numbers = numbers
        token = key.type.isSecurityKey ? Self.token(&reader) : nil
        guard reader.isAtEnd, key.type.isSecurityKey == (token != nil) else {
            throw .notASignature
        }
    }

    /// The hash function of an algorithm, which is `.some(nil)` for Ed25519; nil if the algorithm
    /// doesn't belong to the type of key.
    private static func hash(of name: String, _ type: SSHKeyType) -> HashFunction?? {
        switch type {
        case .rsa:
            switch name {
            case "rsa-sha2-256": .sha256
            case "rsa-sha2-512": .sha512
            default: nil
            }
        case .ed25519, .securityKeyEd25519, .nistp256, .nistp384, .nistp521, .securityKeyNISTP256:
            name == type.rawValue ? .some(type.curve?.hash) : nil
        }
    }

    private static func numbers(_ bytes: [UInt8], of key: SSHPublicKey) -> Numbers? {
        switch key.material {
        case .ed25519: return bytes.count == 64 ? .ed25519(bytes) : nil
        case .point:
            var reader = WireReader(bytes)
            guard let r = reader.magnitude(isMinimal: false),
                let s = reader.magnitude(isMinimal: false), reader.isAtEnd
            else { return nil }
            return .ecdsa(r: r, s: s)
        case .rsa(let modulus, _):
            // Some signers leave out zeros at the start of the number.
            guard bytes.count <= modulus.count else { return nil }
            return .rsa([UInt8](repeating: 0, count: modulus.count - bytes.count) + bytes)
        }
    }

    private static func token(_ reader: inout WireReader) -> Token? {
        guard let flags = reader.byte(), let counter = reader.bytes(4) else { return nil }
        return Token(flags: flags, counter: counter)
    }

    /// Whether somebody touched the security key, which OpenSSH's server requires, too; true for
    /// other keys.
    var isTouched: Bool { token.map { $0.flags & Self.userPresence != 0 } ?? true }

    private static let userPresence: UInt8 = 0x01

    /// Whether the key signed these bytes.
    func proves(_ signed: [UInt8], _ key: SSHPublicKey) -> Bool {
        var message = signed
        if let token {
            message = HashFunction.sha256.hash(key.application)
            message += [token.flags] + token.counter
            message += HashFunction.sha256.hash(signed)
        }
        guard let verifier = VerifyingKey(key.subjectPublicKeyInfo) else { return false }
        return verifier.accepts(signature, of: message, hash)
    }

    /// The signature in the form that libcrypto takes.
    private var signature: [UInt8] {
        switch numbers {
        case .ed25519(let bytes), .rsa(let bytes): bytes
        case .ecdsa(let r, let s): DER.sequence(DER.integer(r), DER.integer(s))
        }
    }
}
