// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import Signatures

extension ErrorText {
    init(_ error: SignatureError) {
        switch error {
        case .notASignature:
            self.init(
                "it is not a signature of OpenSSH, or is damaged",
                remedy: "`ssh-keygen -Y sign` and regstatic write such signatures; sign again."
            )
        case .tooLarge(let limit):
            self.init("the signature is larger than \(HumanText.size(limit))")
        case .version(let version):
            self.init("the signature has version \(version), but regstatic knows only version 1")
        case .key(let fault):
            self.init("the signature's key can't be used: \(fault.text)", remedy: fault.remedy)
        case .hashAlgorithm(let name):
            self.init(
                "the signature uses the hash function \(name)",
                remedy: "Sign again with SHA-512, which is ssh-keygen's default, or SHA-256."
            )
        case .algorithm(let name):
            self.init(
                "the signature's algorithm \(name) is not accepted for this type of key",
                remedy:
                    "Sign again with a newer ssh-keygen; RSA needs rsa-sha2-256 or rsa-sha2-512."
            )
        case .otherNamespace(let found, let expected):
            self.init(
                "the signature was made for \(found), not for \(expected.rawValue)",
                remedy: "Sign again with `-n \(expected.rawValue)`."
            )
        case .untouched(let key):
            self.init(
                "nobody touched the security key \(key) for this signature",
                remedy: "Make the key without no-touch-required, and sign again."
            )
        case .mismatch(let key):
            self.init(
                "the signature by \(key) doesn't match the content",
                remedy:
                    "The content or the signature was changed. Get both again from their source."
            )
        case .unknownKey, .unusableKey, .otherUse, .otherIdentity: self.init(signer: error)
        }
    }

    /// The text for a signature whose key the signers' file doesn't accept.
    private init(signer error: SignatureError) {
        switch error {
        case .unknownKey(let key, let signers, let lines):
            let keyless = lines.filter { !$0.hasKey }
            self.init(
                "the key \(key) signed, but \(signers) doesn't have this key",
                remedy: (keyless.isEmpty ? "" : "\(UnusableLine.text(keyless)) ")
                    + "If you trust the key, and got it by another way than the data, add it to the"
                    + " file."
            )
        case .unusableKey(let key, let signers, let lines):
            self.init(
                "the key \(key) signed, but \(signers) can't be used for it",
                remedy: UnusableLine.text(lines)
            )
        case .otherUse(let key, let signers, let line, let namespace):
            self.init(
                "the key \(key) signed, but line \(line) of \(signers) doesn't permit"
                    + " \(namespace.rawValue)",
                remedy:
                    "Add \(namespace.rawValue) to namespaces=\"…\" in this line, if that is right."
            )
        case .otherIdentity(let key, let signers, let principals, let expected):
            let names = principals.isEmpty ? "nobody" : principals.joined(separator: ", ")
            self.init(
                "the key \(key) signed, and \(signers) says that it belongs to \(names)"
                    + (expected.map { ", not to \($0)" } ?? ""),
                remedy: expected == nil
                    ? "Name the key's owner at the start of its line."
                    : "Ask for another identity, or correct the names in the key's line."
            )
        case .notASignature, .tooLarge, .version, .key, .hashAlgorithm, .algorithm,
            .otherNamespace, .untouched, .mismatch:
            self.init(error)
        }
    }

    init(_ error: SignersError) {
        switch error {
        case .tooLarge(let path, let limit):
            self.init("\(path) is larger than \(HumanText.size(limit))")
        case .noFile(let path):
            self.init(
                "\(path) is not a regular file",
                remedy: "Name a file as ssh-keygen(1) describes it below ALLOWED SIGNERS."
            )
        case .danglingLink(let path):
            self.init(
                "\(path) is a symbolic link to something that doesn't exist, so the allowed signers"
                    + " are unknown",
                remedy: "Repair the link, or mount the file system to which it leads."
            )
        }
    }

    init(_ fault: SiteSignatureFault) {
        switch fault {
        case .unsigned:
            self.init(
                "it is a site without a signature, so nothing of it was read",
                remedy: "Sign the site where it is made: regstatic sign SITE --key KEY"
            )
        case .refused(let error):
            let text = ErrorText(error)
            self.init(
                "it is a site, but its signature isn't accepted: \(text.what)",
                remedy: text.remedy
            )
        case .otherList(let path):
            self.init(
                "it is a signed site, but also has \(path), which the signature doesn't cover",
                remedy: "`regstatic verify` finds files that don't belong to the site."
            )
        case .changed:
            self.init(
                "its index.json changed while it was read",
                remedy: "Run the command again when nothing writes the site."
            )
        }
    }

    init(_ error: SigningError) {
        switch error {
        case .noProgram:
            self.init(
                "ssh-keygen is not installed",
                remedy:
                    "Install OpenSSH's client (apt install openssh-client, dnf install openssh-clients,"
                    + " apk add openssh-keygen)."
            )
        case .noKey(let path):
            self.init(
                "there is no key file \(path)",
                remedy:
                    "Name a private key, such as ~/.ssh/id_ed25519; `ssh-keygen -t ed25519` makes"
                    + " one."
            )
        case .faults(let site, let count):
            self.init(
                "\(site) has \(HumanText.count(count, "fault")), so it was not signed",
                remedy: "`regstatic verify \(ShellWord.quoted(site))` says how to repair it."
            )
        case .failed(let key, let isPublic, let status):
            self.init(
                "ssh-keygen can't sign with \(key) (status \(status)); its own message is above",
                remedy: isPublic
                    ? "\(key) is a public key. Name the private key, or add it to ssh-agent with"
                        + " ssh-add."
                    : "Try the key with `ssh-keygen -y -f \(ShellWord.quoted(key))`, which asks for its"
                        + " passphrase and prints its public key. Without a terminal, ssh-keygen can't ask:"
                        + " add the key to ssh-agent first (ssh-add)."
            )
        case .interrupted: self.init("interrupted", remedy: "Nothing was signed.")
        case .useless(let key, let error):
            let text = ErrorText(error)
            self.init(
                "a signature with \(key) is never accepted: \(text.what)",
                remedy: text.remedy
            )
        }
    }
}

extension SSHKeyFault {
    fileprivate var text: String {
        switch self {
        case .malformed: "it is damaged"
        case .type(let name): "regstatic doesn't check signatures with keys of type \(name)"
        case .certificate: "it is an SSH certificate"
        case .weak(let bits):
            "an RSA key needs \(SSHPublicKey.minimumRSABits) bits, and it has \(bits)"
        case .tooLong(let bits):
            "an RSA key can have \(SSHPublicKey.maximumRSABits) bits, and it has \(bits)"
        case .application(let name): "it is on a security key, but for \(name), not for ssh:"
        }
    }

    fileprivate var remedy: String? {
        switch self {
        case .malformed: nil
        case .type, .weak, .tooLong, .application:
            "Sign with another key; `ssh-keygen -t ed25519` makes one."
        case .certificate: "Sign with the key itself; move the file KEY-cert.pub away."
        }
    }
}

extension UnusableLine {
    /// The number of lines that a message names.
    private static let namedLines = 3

    /// Sentences that say why lines never match.
    fileprivate static func text(_ lines: [UnusableLine]) -> String {
        let more = lines.count - namedLines
        return lines.prefix(namedLines).map(\.text).joined(separator: " ")
            + (more > 0 ? " \(HumanText.count(more, "more line")) can't be used." : "")
    }

    private var text: String {
        switch reason {
        case .syntax: "Line \(number) is not of the form PRINCIPALS [OPTIONS] TYPE KEY."
        case .options: "Line \(number) has options that can't be read."
        case .option(let name):
            "Line \(number) never matches, because regstatic doesn't implement its option \(name)."
        case .key(let fault): "The key in line \(number) can't be used: \(fault.text)."
        }
    }
}
