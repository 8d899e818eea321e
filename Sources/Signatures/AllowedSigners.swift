// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The keys whose signatures are accepted, and whom they belong to: a file as `ssh-keygen` reads it
/// (ssh-keygen(1), ALLOWED SIGNERS).
///
/// A line that can't be read, or has an option other than `namespaces`, never matches. It is kept
/// for messages.
package struct AllowedSigners: Sendable {
    /// The file's path for messages.
    package let path: String
    private let lines: [SignerLine]
    /// The lines that never match.
    package let unusable: [UnusableLine]

    /// The largest file, in bytes.
    package static let maximumSize = 1 << 20

    package init(_ text: [UInt8], path: String) throws(SignersError) {
        guard text.count <= Self.maximumSize else {
            throw .tooLarge(path, limit: Self.maximumSize)
        }
        var lines: [SignerLine] = []
        var unusable: [UnusableLine] = []
        let parts = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            do throws(SignerLine.Fault) {
                if let line = try SignerLine(part, number: index + 1) { lines.append(line) }
            } catch {
                unusable.append(
                    UnusableLine(number: index + 1, reason: error.reason, key: error.key)
                )
            }
        }
        (self.path, self.lines, self.unusable) = (path, lines, unusable)
    }

    /// The number of lines that can match a signature.
    package var count: Int { lines.count }

    /// Checks a signature, and finds out whose it is.
    ///
    /// `identity` is who must have signed; nil accepts anybody in the file.
    ///
    /// - Returns: the key, its line and its owner.
    /// - Throws: `SignatureError` if the signature isn't accepted.
    package func check(
        _ signature: SSHSignature,
        of message: SignedMessage,
        in namespace: SignatureNamespace,
        by identity: String? = nil
    ) throws(SignatureError) -> Signer {
        // libcrypto never gets a key that isn't in the file.
        let known = lines.filter { $0.key == signature.key }
        let closed = unusable.filter { $0.key == signature.key }
        let fingerprint = signature.key.fingerprint
        guard !known.isEmpty || !closed.isEmpty else {
            throw .unknownKey(fingerprint: fingerprint, signers: path, unusable: unusable)
        }
        try signature.check(message, in: namespace)
        guard !known.isEmpty else {
            throw .unusableKey(fingerprint: fingerprint, signers: path, lines: closed)
        }
        return try signer(signature.key, among: known, in: namespace, by: identity)
    }

    private func signer(
        _ key: SSHPublicKey,
        among known: [SignerLine],
        in namespace: SignatureNamespace,
        by identity: String?
    ) throws(SignatureError) -> Signer {
        let permitted = known.filter { $0.permits(namespace) }
        guard !permitted.isEmpty else {
            throw .otherUse(
                fingerprint: key.fingerprint,
                signers: path,
                line: known[0].number,
                namespace: namespace
            )
        }
        // Without an identity, a line that matches nobody doesn't match, either.
        let line = permitted.first { line in
            identity.map { line.principals.matches(Array($0.utf8)) }
                ?? !line.principals.names.isEmpty
        }
        guard let line else {
            throw .otherIdentity(
                fingerprint: key.fingerprint,
                signers: path,
                principals: permitted.flatMap(\.principals.names),
                expected: identity
            )
        }
        return Signer(
            key: key,
            principals: identity.map { [$0] } ?? line.principals.names,
            line: line.number
        )
    }
}

/// Who made a signature that was accepted.
package struct Signer: Hashable, Sendable {
    package let key: SSHPublicKey
    /// The identity that was asked for; otherwise the names and patterns of the key's line.
    package let principals: [String]
    /// The line of the signers' file, from 1.
    package let line: Int
}

/// The reason why a signers' file can't be used.
package enum SignersError: Error, Hashable, Sendable {
    /// The file is larger than `limit` bytes.
    case tooLarge(String, limit: Int)
    /// The path isn't a regular file.
    case noFile(String)
    /// A symbolic link in the place of the file leads nowhere.
    case danglingLink(String)
}
