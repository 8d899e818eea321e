// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The reason why a signature isn't accepted.
package enum SignatureError: Error, Hashable, Sendable {
    /// The file isn't a signature of OpenSSH, or a damaged one.
    case notASignature
    /// The file is larger than `limit` bytes.
    case tooLarge(limit: Int)
    /// A version of the signature format other than 1.
    case version(UInt32)
    /// The key in the signature.
    case key(SSHKeyFault)
    /// The message was hashed with another function than SHA-256 or SHA-512.
    case hashAlgorithm(String)
    /// The signature has another algorithm than its key's type, such as RSA with SHA-1.
    case algorithm(String)
    /// The signature was made for another use.
    case otherNamespace(found: String, expected: SignatureNamespace)
    /// The signature of a security key that nobody touched.
    case untouched(fingerprint: String)
    /// The key didn't sign this message.
    case mismatch(fingerprint: String)
    /// No line of the signers' file has the key.
    case unknownKey(fingerprint: String, signers: String, unusable: [UnusableLine])
    /// The lines with the key can't be used.
    case unusableKey(fingerprint: String, signers: String, lines: [UnusableLine])
    /// The lines with the key permit other uses only.
    case otherUse(fingerprint: String, signers: String, line: Int, namespace: SignatureNamespace)
    /// The key belongs to others than the identity that was asked for; to nobody, if `expected` is
    /// nil.
    case otherIdentity(
        fingerprint: String,
        signers: String,
        principals: [String],
        expected: String?
    )
}

/// A line of a signers' file that never matches a signature.
package struct UnusableLine: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The line isn't `PRINCIPALS [OPTIONS] TYPE KEY`.
        case syntax
        /// The options aren't `NAME` or `NAME="VALUE"`, with commas between them.
        case options
        /// An option that regstatic doesn't implement.
        case option(String)
        case key(SSHKeyFault)
    }

    /// The number of the line, from 1.
    package let number: Int
    package let reason: Reason
    /// The line's key, if it could be read.
    let key: SSHPublicKey?

    /// Whether the line's key could be read, so that it is known which signatures the line is about.
    package var hasKey: Bool { key != nil }
}
