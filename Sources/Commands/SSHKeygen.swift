// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Signatures
internal import Store
internal import Streams

/// Signs with OpenSSH's ssh-keygen, so that no key and no passphrase passes through regstatic.
///
/// ssh-keygen also signs with the keys of ssh-agent and with security keys (FIDO).
enum SSHKeygen {
    /// Finds a missing program or key before a command does its work.
    ///
    /// - Throws: `SigningError.noProgram`, `.noKey`; `FileError` if the key can't be read.
    static func check(_ key: String) throws {
        guard Executable("ssh-keygen") != nil else { throw SigningError.noProgram }
        _ = try isPublic(key)
    }

    /// Signs a message.
    ///
    /// `key` is the file of a private key, or of a public key whose private key is beside it or in
    /// ssh-agent.
    ///
    /// - Returns: the signature as ssh-keygen wrote it.
    /// - Throws: `SigningError`, or `FileError` if the key can't be read or there is no room for
    ///   temporary files.
    static func sign(
        _ message: [UInt8],
        with key: String,
        for namespace: SignatureNamespace
    ) throws -> [UInt8] {
        guard let program = Executable("ssh-keygen") else { throw SigningError.noProgram }
        let isPublic = try isPublic(key)
        let temporary = try TemporaryFiles("regstatic-sign")
        defer { temporary.remove() }
        try temporary.write([FileContent("message", message)])
        let file = "\(temporary.path)/message"
        // The message is a file, because ssh-keygen asks for a passphrase only if its standard input
        // is the terminal. It asks, and says to touch a security key, on the terminal.
        let status = try program.run([
            "-q", "-Y", "sign", "-n", namespace.rawValue, "-f", key, file,
        ])
        if let signal = Executable.interruption { throw SigningError.interrupted(signal) }
        guard status == 0 else {
            throw SigningError.failed(key: key, isPublic: isPublic, status: status)
        }
        return try checked("\(file).sig", of: message, for: namespace, key: key)
    }

    /// Whether the file is a public key.
    private static func isPublic(_ key: String) throws -> Bool {
        let reader = try FileError.nilIfAbsent { () throws(FileError) in try FileReader(key) }
        guard let reader = reader ?? nil else { throw SigningError.noKey(key) }
        // ssh-keygen itself refuses a larger file, in its own words.
        let text = try reader.contents(limit: SSHSignature.maximumSize) ?? []
        return ["ssh-", "ecdsa-", "sk-"].contains { text.starts(with: $0.utf8) }
    }

    /// Checks that regstatic will accept the signature; a certificate or a short key signs, too.
    private static func checked(
        _ file: String,
        of message: [UInt8],
        for namespace: SignatureNamespace,
        key: String
    ) throws -> [UInt8] {
        guard let text = try FileReader(file)?.contents(limit: SSHSignature.maximumSize) else {
            throw SigningError.useless(key: key, .tooLarge(limit: SSHSignature.maximumSize))
        }
        do throws(SignatureError) {
            try SSHSignature(text).check(SignedMessage(message), in: namespace)
        } catch { throw SigningError.useless(key: key, error) }
        return text
    }
}

/// The reason why nothing was signed.
enum SigningError: Error, Hashable {
    case noProgram
    /// There is no file with this path.
    case noKey(String)
    /// The site has faults, so it is not what its maker would sign.
    case faults(site: String, count: Int)
    case failed(key: String, isPublic: Bool, status: Int32)
    /// A termination signal arrived while ssh-keygen ran.
    case interrupted(Int32)
    /// ssh-keygen made a signature that regstatic doesn't accept.
    case useless(key: String, SignatureError)
}
