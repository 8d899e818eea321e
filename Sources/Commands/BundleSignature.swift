// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Bundles
internal import OCI
internal import Signatures

/// The signature of a bundle, and what is known about it.
struct BundleSignature {
    private enum Verdict {
        case unsigned
        /// The key made the signature, but nobody said which keys are accepted.
        case unjudged(SSHPublicKey)
        case accepted(Signer)
        case refused(SSHPublicKey?, SignatureError)
    }

    private let verdict: Verdict

    /// Checks the signature of an open bundle; without signers, only whether its key made it.
    ///
    /// - Throws: `BundleSignatureError` if the signers don't accept the bundle.
    init(of bundle: BundleFiles, _ policy: BundlePolicy? = nil) throws(BundleSignatureError) {
        if let signer = try policy?.signer(of: bundle) {
            verdict = .accepted(signer)
            return
        }
        let file = bundle.files[0]
        verdict = file.signature.map { Self.judge($0, of: file.signed) } ?? .unsigned
    }

    private static func judge(_ text: [UInt8], of signed: [UInt8]) -> Verdict {
        var key: SSHPublicKey?
        do throws(SignatureError) {
            let signature = try SSHSignature(text)
            key = signature.key
            try signature.check(SignedMessage(signed), in: .bundle)
            return .unjudged(signature.key)
        } catch { return .refused(key, error) }
    }

    /// The reason why the signature shows that the bundle was changed; nil if it doesn't.
    var damage: BundleSignatureError? {
        guard case .refused(_, let error) = verdict, error.isDamage else { return nil }
        return .refused(error)
    }

    /// A line for the user; nil if the bundle isn't signed.
    var line: String? {
        switch verdict {
        case .unsigned: nil
        case .unjudged(let key):
            "signed with the key \(key.fingerprint) (\(key.type.rawValue)); to check whose key it is:"
                + " regstatic bundle verify BUNDLE --signers FILE"
        case .accepted(let signer): "signed by \(signer.text)"
        case .refused(_, let error):
            "the bundle has a signature that can't be accepted: \(ErrorText(error).what)"
        }
    }

    /// The signature in a result; nil if there is none.
    var json: JSON? {
        switch verdict {
        case .unsigned: nil
        case .unjudged(let key): SiteSignature.json(key, verdict: "unchecked")
        case .accepted(let signer): signer.json(verdict: "accepted")
        case .refused(let key, _): SiteSignature.json(key, verdict: "refused")
        }
    }
}
