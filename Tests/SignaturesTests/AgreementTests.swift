// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

@testable import Signatures

/// Our check and `ssh-keygen -Y verify` decide the same on the same files.
@Suite(.enabled(if: OpenSSH.isInstalled)) struct AgreementTests {
    private let ssh: OpenSSH
    private let message = Array(#"{"schemaVersion":2}"#.utf8)

    init() throws { ssh = try OpenSSH() }

    private static let keys: [(type: String, bits: Int?)] = [
        ("ed25519", nil), ("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048),
        ("rsa", 3072),
    ]

    @Test(arguments: keys, [nil, "sha256", "sha512"])
    func acceptsWhatSSHKeygenSigns(_ key: (type: String, bits: Int?), hash: String?) throws {
        let text = try ssh.makeKey("key", key.type, bits: key.bits)
        let signature = try ssh.sign(message, with: "key", hash: hash)
        let signers = "alice@example.org,bob \(text) comment\n"
        try #require(try ssh.accepts(signature, of: message, signers: signers, by: "bob"))
        let signer = try check(signature, of: message, signers: signers, by: "bob")
        #expect(signer.principals == ["bob"])
        #expect(signer.line == 1)
        #expect(signer.key.fingerprint == (try ssh.fingerprint("key")))
        #expect(text.hasPrefix(signer.key.type.rawValue + " "))
        let anybody = try check(signature, of: message, signers: signers, by: nil)
        #expect(anybody.principals == ["alice@example.org", "bob"])
    }

    @Test(arguments: [SSHKeyType.securityKeyEd25519, .securityKeyNISTP256])
    func acceptsSecurityKeys(_ type: SSHKeyType) throws {
        let key = SecurityKey(type)
        for (application, counter) in [("ssh:", 0), ("ssh:regstatic", .max)] as [(String, UInt32)] {
            (key.application, key.counter) = (application, counter)
            let signers = "home \(key.text)\n"
            let signature = key.sign(message)
            #expect(try ssh.accepts(signature, of: message, signers: signers, by: "home"))
            #expect(accepts(signature, of: message, signers: signers, by: "home"))
            let other = Array("other".utf8)
            #expect(try !ssh.accepts(signature, of: other, signers: signers, by: "home"))
            #expect(!accepts(signature, of: other, signers: signers, by: "home"))
        }
    }

    /// ssh-keygen leaves these to the program that calls it; OpenSSH's server refuses the first.
    @Test func refusesSecurityKeysThatSSHKeygenAccepts() throws {
        let key = SecurityKey(.securityKeyEd25519)
        key.flags = 0x04
        var signers = "home \(key.text)\n"
        var signature = key.sign(message)
        #expect(try ssh.accepts(signature, of: message, signers: signers, by: "home"))
        #expect(throws: SignatureError.untouched(fingerprint: try fingerprint(key))) {
            try check(signature, of: message, signers: signers, by: "home")
        }
        (key.flags, key.application) = (0x01, "https://example.org")
        signers = "home \(key.text)\n"
        signature = key.sign(message)
        #expect(try ssh.accepts(signature, of: message, signers: signers, by: "home"))
        #expect(throws: SignatureError.key(.application("https://example.org"))) {
            try check(signature, of: message, signers: signers, by: "home")
        }
    }

    private func fingerprint(_ key: SecurityKey) throws -> String {
        try SSHPublicKey(key.blob).fingerprint
    }

    @Test func refusesShortRSAKeysThatSSHKeygenAccepts() throws {
        let text = try ssh.makeKey("key", "rsa", bits: 1024)
        let signature = try ssh.sign(message, with: "key")
        let signers = "home \(text)\n"
        #expect(try ssh.accepts(signature, of: message, signers: signers, by: "home"))
        #expect(throws: SignatureError.key(.weak(bits: 1024))) {
            try check(signature, of: message, signers: signers, by: "home")
        }
    }

    // MARK: Changed bytes

    /// Changes each byte of a signature, and each bit of a part of them.
    @Test(arguments: [("ed25519", nil), ("ecdsa", 256), ("rsa", 2048)] as [(String, Int?)])
    func refusesEveryChangedByte(_ key: (type: String, bits: Int?)) throws {
        let text = try ssh.makeKey("key", key.type, bits: key.bits)
        let signers = "home \(text)\n"
        let content = try Armor.content(try ssh.sign(message, with: "key"))
        try #require(accepts(Armor.text(content), of: message, signers: signers, by: "home"))
        for position in content.indices {
            for bit in 0..<8 {
                var changed = content
                changed[position] ^= 1 << UInt8(bit)
                let isAccepted = accepts(
                    Armor.text(changed),
                    of: message,
                    signers: signers,
                    by: "home"
                )
                #expect(!isAccepted, "byte \(position), bit \(bit)")
            }
        }
    }

    /// The flags, the counter and the application are signed, too.
    @Test(arguments: [SSHKeyType.securityKeyEd25519, .securityKeyNISTP256])
    func refusesEveryChangedByteOfASecurityKey(_ type: SSHKeyType) throws {
        let key = SecurityKey(type)
        let signers = "home \(key.text)\n"
        let content = try Armor.content(key.sign(message))
        try #require(accepts(Armor.text(content), of: message, signers: signers, by: "home"))
        for position in content.indices {
            var changed = content
            changed[position] ^= 0x40
            let isAccepted = accepts(
                Armor.text(changed),
                of: message,
                signers: signers,
                by: "home"
            )
            #expect(!isAccepted, "byte \(position)")
        }
    }

    private static let changes: [(String, @Sendable (inout SSHSignature.Fields) -> Void)] = [
        ("nothing", { _ in }),
        ("magic", { $0.magic = Array("SSHSIH".utf8) }),
        ("version 0", { $0.version = 0 }),
        ("version 2", { $0.version = 2 }),
        ("key cut", { $0.key.removeLast() }),
        ("key longer", { $0.key.append(0) }),
        ("key empty", { $0.key = [] }),
        ("namespace", { $0.namespace = Array("git".utf8) }),
        ("namespace cut", { $0.namespace.removeLast() }),
        ("namespace with NUL", { $0.namespace.append(0) }),
        ("namespace empty", { $0.namespace = [] }),
        ("reserved", { $0.reserved = Array("reserved".utf8) }),
        ("other hash", { $0.hash = Array("sha256".utf8) }),
        ("hash not allowed", { $0.hash = Array("sha384".utf8) }),
        ("hash pattern", { $0.hash = Array("sha*".utf8) }),
        ("hash with NUL", { $0.hash.append(0) }),
        ("hash empty", { $0.hash = [] }),
        ("proof cut", { $0.proof.removeLast() }),
        ("proof longer", { $0.proof.append(0) }),
        ("proof empty", { $0.proof = [] }),
        ("rest", { $0.rest = [0] }),
    ]

    /// What OpenSSH accepts beyond its own specification: a version that doesn't exist, and texts that
    /// end with a byte 0.
    private static let loose: Set = ["version 0", "namespace with NUL", "hash with NUL"]

    /// Both decide the same on each field that is changed, except for the loose ones.
    @Test func agreesOnChangedFields() throws {
        let text = try ssh.makeKey("key", "ed25519")
        let signers = "home \(text)\n"
        let content = try Armor.content(try ssh.sign(message, with: "key"))
        let fields = try #require(SSHSignature.Fields(content))
        for (name, change) in Self.changes {
            var changed = fields
            change(&changed)
            let signature = Armor.text(changed.content)
            let theirs = try ssh.accepts(signature, of: message, signers: signers, by: "home")
            let ours = accepts(signature, of: message, signers: signers, by: "home")
            #expect(ours == (theirs && !Self.loose.contains(name)), "\(name)")
            #expect(theirs || !Self.loose.contains(name), "\(name)")
        }
    }

    /// ECDSA's numbers with superfluous zeros, and RSA's without its first zeros.
    @Test func agreesOnFormsOfNumbers() throws {
        let text = try ssh.makeKey("key", "ecdsa", bits: 256)
        let signers = "home \(text)\n"
        let content = try Armor.content(try ssh.sign(message, with: "key"))
        var fields = try #require(SSHSignature.Fields(content))
        var reader = WireReader(fields.proof)
        let (name, both) = (reader.string() ?? [], reader.string() ?? [])
        var numbers = WireReader(both)
        let (r, s) = (numbers.string() ?? [], numbers.string() ?? [])
        try #require(!s.isEmpty)
        for (first, second) in [
            (r, s), ([0] + r, s), ([0, 0, 0] + r, [0] + s), (s, r), ([], s), ([0x80] + r, s),
            ([UInt8](repeating: 1, count: 2000), s),
        ] {
            fields.proof = Wire.string(name)
            fields.proof += Wire.string(Wire.string(first) + Wire.string(second))
            let signature = Armor.text(fields.content)
            let theirs = try ssh.accepts(signature, of: message, signers: signers, by: "home")
            let ours = accepts(signature, of: message, signers: signers, by: "home")
            #expect(ours == theirs, "\(first.count) \(second.count)")
        }
    }

    @Test(arguments: [
        "-----BEGIN SSH SIGNATURE-----\n", "BEGIN", "-----BEGIN SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0l\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n", "",
    ])
    func bothRefuseOtherFiles(_ text: String) throws {
        let signers = "home \(try ssh.makeKey("key", "ed25519"))\n"
        let bytes = Array(text.utf8)
        #expect(try !ssh.accepts(bytes, of: message, signers: signers, by: "home"))
        #expect(throws: SignatureError.notASignature) { try SSHSignature(bytes) }
    }

    /// What stands around the signature; ssh-keygen ignores a part of it.
    @Test func frameIsStrict() throws {
        let signers = "home \(try ssh.makeKey("key", "ed25519"))\n"
        let text = String(decoding: try ssh.sign(message, with: "key"), as: UTF8.self)
        for changed in [
            " " + text, "\n" + text, text.replacing("\n", with: "\r\n"), text + text, text + "x",
            text.replacing("SIGNATURE", with: "SIGNATUR"), String(text.dropLast(2)),
        ] {
            let bytes = Array(changed.utf8)
            #expect(!accepts(bytes, of: message, signers: signers, by: "home"), "\(changed)")
        }
        for changed in [text, String(text.dropLast()), text.replacing("\n-", with: "\n\n-")] {
            let bytes = Array(changed.utf8)
            #expect(try ssh.accepts(bytes, of: message, signers: signers, by: "home"), "\(changed)")
            #expect(accepts(bytes, of: message, signers: signers, by: "home"), "\(changed)")
        }
    }

    @Test func refusesALargeFile() {
        let text = [UInt8](repeating: UInt8(ascii: "A"), count: SSHSignature.maximumSize + 1)
        #expect(throws: SignatureError.tooLarge(limit: 65_536)) { try SSHSignature(text) }
    }
}
