// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What a signature must fulfil to be accepted.
package struct SignerPolicy: Sendable {
    package let signers: AllowedSigners
    /// Who must have signed; nil accepts everybody in `signers`.
    package let identity: String?

    package init(_ signers: AllowedSigners, identity: String?) {
        (self.signers, self.identity) = (signers, identity)
    }

    /// Checks the text of a signature of a message.
    ///
    /// The message is checked as bytes, so that nothing in it need be parsed before.
    ///
    /// - Returns: the signer.
    /// - Throws: `SignatureError` if the signature isn't accepted.
    package func check(
        _ signature: [UInt8],
        of message: [UInt8],
        in namespace: SignatureNamespace
    ) throws(SignatureError) -> Signer {
        try signers.check(
            try SSHSignature(signature),
            of: SignedMessage(message),
            in: namespace,
            by: identity
        )
    }
}
