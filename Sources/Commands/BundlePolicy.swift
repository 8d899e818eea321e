// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Bundles
internal import Glibc
internal import Signatures

/// Who must have signed a bundle.
///
/// If the machine has a list of signers, it governs all bundles that change a site, so that nobody can
/// forget the option.
struct BundlePolicy {
    private let policies: [SignerPolicy]

    /// Reads the file of `--signers`, and the machine's list if `isChanging`.
    ///
    /// - Throws: `FileError`, `SignersError`; nothing is accepted if the machine's list can't be read.
    init(_ options: SignerOptions, isChanging: Bool) throws {
        var policies = [try options.policy()].compactMap(\.self)
        if isChanging {
            let lists = [try AllowedSigners.ofMachine(), try Self.listOfEnvironment()]
            policies += lists.compactMap { list in list.map { SignerPolicy($0, identity: nil) } }
        }
        self.policies = policies
    }

    /// A list that governs besides the machine's list and can't replace it; nil if there is none.
    private static func listOfEnvironment() throws -> AllowedSigners? {
        guard let path = unsafe getenv("REGSTATIC_ALLOWED_SIGNERS") else { return nil }
        return try AllowedSigners(file: unsafe String(cString: path))
    }

    /// Checks the signature of a bundle over the bytes of its bundle.json.
    ///
    /// - Returns: the signer; nil if unsigned bundles are accepted.
    /// - Throws: `BundleSignatureError`.
    @discardableResult
    func check(
        _ path: String,
        signed: [UInt8],
        signature: [UInt8]?
    ) throws(BundleSignatureError) -> Signer? {
        var signer: Signer?
        for policy in policies {
            guard let signature else { throw .unsigned(signers: policy.signers.path) }
            do throws(SignatureError) {
                let found = try policy.check(signature, of: signed, in: .bundle)
                signer = signer ?? found
            } catch { throw .refused(error) }
        }
        return signer
    }

    /// The signer of an open bundle; nil if unsigned bundles are accepted.
    func signer(of bundle: BundleFiles) throws(BundleSignatureError) -> Signer? {
        let file = bundle.files[0]
        return try check(file.path, signed: file.signed, signature: file.signature)
    }
}

/// The reason why the signature of a bundle isn't accepted.
enum BundleSignatureError: Error {
    case unsigned(signers: String)
    case refused(SignatureError)
}
