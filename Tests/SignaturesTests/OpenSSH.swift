// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport

@testable import Signatures

/// The real ssh-keygen, with keys of its own.
struct OpenSSH {
    static let isInstalled = Command.isInstalled("ssh-keygen")

    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Failure: Error { let errors: String }

    /// Makes a key without a passphrase; returns its public key, as `TYPE BASE64`.
    func makeKey(_ name: String, _ type: String, bits: Int? = nil) throws -> String {
        let size = bits.map { ["-b", "\($0)"] } ?? []
        let result = try Command.run(
            "ssh-keygen",
            ["-q", "-t", type] + size + ["-N", "", "-C", "comment", "-f", folder[name]]
        )
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return try publicKey(name)
    }

    func publicKey(_ name: String) throws -> String {
        try folder.text("\(name).pub").split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// The key's fingerprint as ssh-keygen prints it.
    func fingerprint(_ name: String) throws -> String {
        let result = try Command.run("ssh-keygen", ["-l", "-f", folder["\(name).pub"]])
        let words = result.text.split(separator: " ")
        guard words.count > 1 else { throw Failure(errors: result.errors) }
        return String(words[1])
    }

    /// A signature of a message, as text.
    func sign(
        _ message: [UInt8],
        with key: String,
        _ namespace: String = SignatureNamespace.site.rawValue,
        hash: String? = nil
    ) throws -> [UInt8] {
        let result = try Command.run(
            "ssh-keygen",
            ["-q", "-Y", "sign", "-n", namespace, "-f", folder[key]]
                + (hash.map { ["-O", "hashalg=\($0)"] } ?? []),
            input: message
        )
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return result.output
    }

    /// Whether ssh-keygen accepts a signature by an identity.
    func accepts(
        _ signature: [UInt8],
        of message: [UInt8],
        signers: String,
        by identity: String,
        in namespace: String = SignatureNamespace.site.rawValue
    ) throws -> Bool {
        let file = try folder.write("signers", signers)
        let result = try Command.run(
            "ssh-keygen",
            [
                "-Y", "verify", "-n", namespace, "-f", file, "-I", identity, "-s",
                try folder.write("signature", signature),
            ],
            input: message
        )
        return result.status == 0
    }
}

/// Checks a signature in one call; returns the signer, or throws the reason against it.
func check(
    _ signature: [UInt8],
    of message: [UInt8],
    signers: String,
    by identity: String?,
    in namespace: SignatureNamespace = .site
) throws -> Signer {
    let signers = try AllowedSigners(Array(signers.utf8), path: "signers")
    return try signers.check(
        try SSHSignature(signature),
        of: SignedMessage(message),
        in: namespace,
        by: identity
    )
}

/// Whether our check accepts a signature.
func accepts(
    _ signature: [UInt8],
    of message: [UInt8],
    signers: String,
    by identity: String?,
    in namespace: SignatureNamespace = .site
) -> Bool {
    (try? check(signature, of: message, signers: signers, by: identity, in: namespace)) != nil
}

/// The text of a signature from its content, as ssh-keygen writes it.
enum Armor {
    static func text(_ content: [UInt8]) -> [UInt8] {
        let digits = Base64.unpadded(content)
        let padding = String(repeating: "=", count: (4 - digits.count % 4) % 4)
        var lines: [Substring] = []
        var rest = (digits + padding)[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(70))
            rest = rest.dropFirst(70)
        }
        let body = lines.joined(separator: "\n")
        return Array("-----BEGIN SSH SIGNATURE-----\n\(body)\n-----END SSH SIGNATURE-----\n".utf8)
    }

    /// The content of a text that ssh-keygen wrote.
    static func content(_ text: [UInt8]) throws -> [UInt8] {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        struct NoBase64: Error {}
        guard let content = Base64.decoded(lines.dropFirst().dropLast().joined().utf8) else {
            throw NoBase64()
        }
        return content
    }
}

extension SSHSignature {
    /// The bytes of a signature's content, field by field, so that a test can change one of them.
    struct Fields {
        var magic = Array("SSHSIG".utf8)
        var version: UInt32 = 1
        var key: [UInt8]
        var namespace = Array(SignatureNamespace.site.rawValue.utf8)
        var reserved: [UInt8] = []
        var hash = Array("sha512".utf8)
        var proof: [UInt8]
        var rest: [UInt8] = []

        var content: [UInt8] {
            magic + stride(from: 24, through: 0, by: -8).map { UInt8(version >> UInt32($0) & 0xFF) }
                + [key, namespace, reserved, hash, proof].flatMap { Wire.string($0) } + rest
        }

        /// Takes the fields of a content that ssh-keygen wrote.
        init?(_ content: [UInt8]) {
            var reader = WireReader(content)
            guard let magic = reader.bytes(6), let version = reader.uint32(),
                let key = reader.string(), let namespace = reader.string(),
                let reserved = reader.string(), let hash = reader.string(),
                let proof = reader.string()
            else { return nil }
            (self.magic, self.version, self.key, self.namespace) = (magic, version, key, namespace)
            (self.reserved, self.hash, self.proof) = (reserved, hash, proof)
        }

        init(key: [UInt8], proof: [UInt8]) { (self.key, self.proof) = (key, proof) }
    }
}
