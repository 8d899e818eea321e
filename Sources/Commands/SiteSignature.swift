// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Signatures
internal import Site
internal import SiteModel
internal import Store
internal import Streams

/// The signature of a site, and what is known about it.
struct SiteSignature {
    private enum Verdict {
        case unsigned
        /// The key made the signature, but nobody said which keys are accepted.
        case unjudged(SSHPublicKey)
        case accepted(Signer)
        case refused(SSHPublicKey?, SignatureError)
        /// index.json isn't what regstatic has read, or would write.
        case changed
        /// The medium can't read the signature.
        case unreadable(FileError)
    }

    /// The path of the signature, or of index.json if it is not signed.
    let path: String
    private let verdict: Verdict
    /// Whether the signature must be accepted.
    private let isRequired: Bool

    /// Checks the signature of a site; without a policy, only whether its key made it.
    ///
    /// - Throws: `FileError`, `SiteDamage` if index.json can't be read.
    init(of folder: SiteFolder, _ policy: SignerPolicy?) throws {
        isRequired = policy != nil
        let signed: SiteFolder.SignedIndex
        do { signed = try folder.signedIndex() } catch let error as FileError {
            path = SignaturePath.folder
            verdict = .unreadable(error)
            return
        }
        path = signed.signature == nil ? SiteIndex.path : signed.path
        // What was parsed is what was signed, even if the medium gives other bytes each time.
        let isRead = signed.bytes == folder.index.bytes
        verdict =
            signed.signature
            .map { isRead ? Self.judge($0, of: signed.bytes, policy) : .changed } ?? .unsigned
    }

    private static func judge(
        _ text: [UInt8],
        of index: [UInt8],
        _ policy: SignerPolicy?
    ) -> Verdict {
        var key: SSHPublicKey?
        do throws(SignatureError) {
            let signature = try SSHSignature(text)
            key = signature.key
            if let policy { return .accepted(try policy.check(text, of: index, in: .site)) }
            try signature.check(SignedMessage(index), in: .site)
            return .unjudged(signature.key)
        } catch { return .refused(key, error) }
    }

    /// The reason why the site isn't as the user wants it.
    var fault: ErrorText? {
        switch verdict {
        case .unsigned where isRequired:
            ErrorText(
                "the site is not signed",
                remedy: "Sign it where it is made: regstatic sign SITE --key KEY"
            )
        case .changed:
            ErrorText(
                "the signed index.json isn't one that regstatic writes, or changed while it was read"
            )
        case .refused(_, let error) where isRequired || error.isDamage: ErrorText(error)
        case .unreadable(let error): ErrorText(error)
        case .unsigned, .unjudged, .accepted, .refused: nil
        }
    }

    /// A line about a signature that isn't a fault; nil if there is none.
    var line: String? {
        switch verdict {
        case .accepted(let signer): "signed by \(signer.text)"
        case .unjudged(let key):
            "signed with the key \(key.fingerprint) (\(key.type.rawValue)); to check whose key it is,"
                + " use --signers"
        case .refused(_, let error) where fault == nil:
            "the site has a signature that can't be checked: \(ErrorText(error).what)"
        case .unsigned, .refused, .changed, .unreadable: nil
        }
    }

    /// The signature in a result; nil if there is none.
    var json: JSON? {
        switch verdict {
        case .unsigned, .unreadable: nil
        case .changed: Self.json(nil, verdict: "refused")
        case .unjudged(let key): Self.json(key, verdict: "unchecked")
        case .accepted(let signer): signer.json(verdict: "accepted")
        case .refused(let key, _): Self.json(key, verdict: "refused")
        }
    }

    static func json(_ key: SSHPublicKey?, verdict: String) -> JSON {
        .object([
            "verdict": .string(verdict),
            "key": key.map { .string($0.fingerprint) },
            "type": key.map { .string($0.type.rawValue) },
        ])
    }

    /// The fault as `verify --json` lists faults.
    var faultJSON: JSON? {
        fault.map { fault in
            .object([
                "kind": .string("signature"), "path": .string(path), "message": .string(fault.what),
                "remedy": fault.remedy.map(JSON.string),
            ])
        }
    }
}

extension Signer {
    /// Whose signature it is, and with which key.
    var text: String {
        "\(principals.joined(separator: ", ")) (\(key.fingerprint), \(key.type.rawValue))"
    }

    func json(verdict: String) -> JSON {
        .object([
            "verdict": .string(verdict), "key": .string(key.fingerprint),
            "type": .string(key.type.rawValue),
            "principals": .array(principals.map(JSON.string)), "line": .integer(line),
        ])
    }

    /// The signer of an input of `build`.
    func json(input: String) -> JSON {
        .object([
            "input": .string(input), "key": .string(key.fingerprint),
            "type": .string(key.type.rawValue),
            "principals": .array(principals.map(JSON.string)), "line": .integer(line),
        ])
    }
}

extension SignatureError {
    /// Whether the signature or the content was changed, whoever signed.
    var isDamage: Bool {
        switch self {
        case .notASignature, .tooLarge, .mismatch, .otherNamespace: true
        case .version, .key, .hashAlgorithm, .algorithm, .untouched, .unknownKey, .unusableKey,
            .otherUse, .otherIdentity:
            false
        }
    }
}

enum SignatureText {
    /// Reports that a changed site lost its signature.
    static func removed(from site: String) -> String {
        "the site has changed, so its signature was removed; to sign it again, run:"
            + " regstatic sign \(ShellWord.quoted(site)) --key KEY"
    }
}

extension WrittenFiles {
    /// Reports that the run removed the signature of the site.
    func reportSignature(of site: String, _ console: Console) {
        if isSignatureRemoved { console.say(SignatureText.removed(from: site)) }
    }
}
