// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

@testable import Signatures

/// Files of allowed signers, judged by ssh-keygen, too.
@Suite(.enabled(if: OpenSSH.isInstalled)) struct SignersTests {
    private let ssh: OpenSSH
    private let key: String
    private let other: String
    private let signature: [UInt8]
    private let message = Array("message".utf8)

    init() throws {
        ssh = try OpenSSH()
        key = try ssh.makeKey("key", "ed25519")
        other = try ssh.makeKey("other", "ecdsa", bits: 256)
        signature = try ssh.sign(message, with: "key")
    }

    /// Files, with KEY and OTHER in the places of keys, on which both decide the same for each
    /// identity.
    private static let files = [
        "home KEY", "home KEY comment", "home KEY a comment of \"words", "home\tKEY\r\n",
        "  home   KEY  ", "home,away KEY", "away,home KEY", "* KEY", "*@plant KEY", "h?me KEY",
        "h*e KEY", "h*m*m*e KEY", "home* KEY", "*home KEY", "!home,* KEY", "*,!home KEY",
        "!away,* KEY", "!home KEY", ", KEY", ",, KEY", "home, KEY", ",home KEY", "Home KEY",
        "\"home\" KEY", "\"home,x y\" KEY", "ho\"me\" KEY", "\"home\"KEY", "\"home KEY", "home",
        "home ", "home \"KEY", "KEY", "# home KEY", "  # home KEY", "", "\n\n\nhome KEY",
        "#\nhome KEY\n#", "home OTHER\nhome KEY", "home OTHER", "away KEY\nhome KEY",
        "home KEY\naway KEY", "home garbage\nhome KEY", "home ssh-ed25519 AAAA\nhome KEY",
        "home ssh-ed25519\nhome KEY", "home OTHER KEY", "home x OTHER\nhome KEY",
        "home namespaces=\"regstatic-site\" KEY", "home namespaces=\"git\" KEY",
        "home namespaces=\"git,regstatic-site\" KEY", "home namespaces=\"regstatic-*\" KEY",
        "home namespaces=\"*\" KEY", "home namespaces=\"!regstatic-site,*\" KEY",
        "home namespaces=\"*,!git\" KEY", "home namespaces=\"\" KEY", "home namespaces= KEY",
        "home namespaces KEY", "home namespaces=regstatic-site KEY",
        "home NameSpaces=\"regstatic-site\" KEY", "home namespaces=\"regstatic-site KEY",
        "home namespaces=\"a b,regstatic-site\" KEY",
        "home namespaces=\"regstatic-\\\"site\" KEY",
        "home namespaces=\"regstatic-site\",namespaces=\"regstatic-site\" KEY",
        "home namespaces=\"git\" KEY\nhome KEY", "home namespaces=\"regstatic-site\", KEY",
        "home namespaces=\"regstatic-site\"x KEY", "home unknown KEY",
        "home no-touch-required KEY", "home cert-authority KEY",
        "home cert-authority,namespaces=\"regstatic-site\" KEY",
        "home namespaces=\"regstatic-site\",cert-authority KEY",
        "home valid-before=\"20000101\" KEY", "home valid-after=\"22000101\" KEY",
        "home valid-before=\"never\" KEY", "home CERT-AUTHORITY KEY",
        "home unknown KEY\nhome KEY", "home TYPE,OTHERBLOB KEY", "home TYPE OTHERBLOB",
        "home OTHERTYPE BLOB", "home TYPE BLOB=", "home TYPE =BLOB", "home TYPE BLOB,",
        "home ssh-dss BLOB", "home ssh-rsa BLOB",
        "home ed25519 BLOB", "home TYPE\rBLOB", "home TYPE\r BLOB", "home KEY\r",
        "home namespaces=\"*\"\rKEY", "home namespaces=\"*\"\r KEY", "home\rKEY", "\rhome KEY",
        "home namespaces=\"*\" \t KEY", "home \u{B}KEY", "home KEY\u{A0}x", "hömé KEY\nhome KEY",
    ]

    private static let identities = [
        "home", "away", "me", "x y", "home,away", "*", "someone@plant",
    ]

    private func filled(_ file: String) -> String {
        let words = key.split(separator: " ")
        let others = other.split(separator: " ")
        return file.replacing("OTHERTYPE", with: others[0]).replacing("OTHERBLOB", with: others[1])
            .replacing("OTHER", with: other).replacing("TYPE", with: words[0])
            .replacing("BLOB", with: words[1]).replacing("KEY", with: key)
    }

    @Test func agrees() throws {
        for file in Self.files {
            let signers = filled(file)
            var anybody = false
            for identity in Self.identities {
                let theirs = try ssh.accepts(
                    signature,
                    of: message,
                    signers: signers,
                    by: identity
                )
                let ours = accepts(signature, of: message, signers: signers, by: identity)
                #expect(ours == theirs, "\(file), \(identity)")
                anybody = anybody || ours
            }
            // Without an identity, at least everybody who is accepted with one is accepted.
            let ours = accepts(signature, of: message, signers: signers, by: nil)
            #expect(ours || !anybody, "\(file)")
        }
    }

    /// Lines that ssh-keygen uses, and regstatic never does: it has no clock and no CA, and wants
    /// one form of each thing.
    @Test(arguments: [
        ("home valid-after=\"20000101\" KEY", UnusableLine.Reason.option("valid-after")),
        ("home valid-before=\"22000101\" KEY", .option("valid-before")),
        ("home VALID-BEFORE=\"22000101\" KEY", .option("valid-before")),
        ("home ,namespaces=\"regstatic-site\" KEY", .options),
    ])
    func refusesLinesThatSSHKeygenUses(_ file: String, _ reason: UnusableLine.Reason) throws {
        let text = filled(file)
        #expect(try ssh.accepts(signature, of: message, signers: text, by: "home"), "\(file)")
        #expect(!accepts(signature, of: message, signers: text, by: "home"))
        #expect(!accepts(signature, of: message, signers: text, by: nil))
        let signers = try AllowedSigners(Array(text.utf8), path: "signers")
        #expect(signers.count == 0)
        #expect(signers.unusable.map(\.reason) == [reason])
        // The same line doesn't spoil the next one.
        let more = filled("\(file)\nhome KEY")
        #expect(try check(signature, of: message, signers: more, by: "home").line == 2)
    }

    /// A line for nobody gives nothing to anybody.
    @Test(arguments: ["!away KEY", ", KEY", "!away,!home KEY"])
    func aLineForNobodyMatchesNobody(_ file: String) throws {
        #expect(
            throws: SignatureError.otherIdentity(
                fingerprint: try ssh.fingerprint("key"),
                signers: "signers",
                principals: [],
                expected: nil
            )
        ) {
            try check(signature, of: message, signers: filled(file), by: nil)
        }
    }

    private static let parts = [
        "home", "home", "KEY", "KEY", " ", " ", " ", "TYPE", "BLOB", "\t", "\r", "\n", "\"", "\\",
        "namespaces=", "\"regstatic-site\"", "\"git\"", "\"*\"", ",", "!", "*", "?", "#",
        "cert-authority", "OTHER", "x",
    ]

    /// Files of random parts: whatever regstatic accepts, ssh-keygen accepts.
    @Test func neverAcceptsMore() throws {
        var generator = Generator(seed: 16)
        var accepted = 0
        for _ in 0..<2000 {
            let tail = (0..<Int.random(in: 0...9, using: &generator))
                .map { _ in Self.parts.randomElement(using: &generator) ?? "" }
            let end = ["", "home KEY", " KEY"].randomElement(using: &generator) ?? ""
            let signers = filled(tail.joined() + end)
            guard accepts(signature, of: message, signers: signers, by: "home") else { continue }
            accepted += 1
            let theirs = try ssh.accepts(signature, of: message, signers: signers, by: "home")
            #expect(theirs, "\(signers)")
        }
        #expect(accepted > 20)
    }

    @Test func emptyLinesAndCommentsAreNoLines() throws {
        let text = filled("\r\n# KEY\r\n \t\n\t# x\n\nhome KEY\r\n")
        let signers = try AllowedSigners(Array(text.utf8), path: "signers")
        #expect(signers.count == 1)
        #expect(signers.unusable == [])
        #expect(try check(signature, of: message, signers: text, by: "home").line == 6)
    }

    // MARK: Reasons

    @Test func saysWhyNobodyMatches() throws {
        let fingerprint = try ssh.fingerprint("key")
        func error(_ file: String, by identity: String? = "home") -> SignatureError? {
            do {
                _ = try check(signature, of: message, signers: filled(file), by: identity)
                return nil
            } catch { return error as? SignatureError }
        }
        #expect(
            error("home OTHER")
                == .unknownKey(fingerprint: fingerprint, signers: "signers", unusable: [])
        )
        #expect(
            error("away,m* KEY")
                == .otherIdentity(
                    fingerprint: fingerprint,
                    signers: "signers",
                    principals: ["away", "m*"],
                    expected: "home"
                )
        )
        #expect(
            error("#\nhome namespaces=\"git\" KEY")
                == .otherUse(
                    fingerprint: fingerprint,
                    signers: "signers",
                    line: 2,
                    namespace: .site
                )
        )
        let closed = try #require(error("\nhome cert-authority KEY"))
        guard case .unusableKey(fingerprint, "signers", let lines) = closed else {
            Issue.record("\(closed)")
            return
        }
        #expect(lines.map(\.number) == [2])
        #expect(lines.map(\.reason) == [.option("cert-authority")])
    }

    @Test func saysThatTheContentDiffers() throws {
        let fingerprint = try ssh.fingerprint("key")
        #expect(throws: SignatureError.mismatch(fingerprint: fingerprint)) {
            try check(signature, of: Array("other".utf8), signers: filled("home KEY"), by: "home")
        }
    }

    @Test func signaturesAreForOneUse() throws {
        let bundle = try ssh.sign(message, with: "key", SignatureNamespace.bundle.rawValue)
        let signers = filled("home KEY")
        #expect(accepts(bundle, of: message, signers: signers, by: "home", in: .bundle))
        #expect(
            throws: SignatureError.otherNamespace(found: "regstatic-bundle", expected: .site)
        ) {
            try check(bundle, of: message, signers: signers, by: "home", in: .site)
        }
    }

    // MARK: Files

    @Test func theMachinesListMayBeAbsentButNotUnreadable() throws {
        let folder = try TemporaryFolder()
        #expect(try AllowedSigners.ofMachine(folder["etc/signers"]) == nil)
        try folder.makeFolder("etc")
        #expect(try AllowedSigners.ofMachine(folder["etc/signers"]) == nil)
        try folder.write("etc/signers", filled("home KEY"))
        #expect(try AllowedSigners.ofMachine(folder["etc/signers"])?.count == 1)
        #expect(throws: (any Error).self) { try AllowedSigners.ofMachine(folder["etc/signers/x"]) }
        #expect(throws: SignersError.noFile(folder["etc"])) {
            try AllowedSigners.ofMachine(folder["etc"])
        }
        try folder.makeLink("link", to: "nowhere")
        #expect(throws: SignersError.danglingLink(folder["link"])) {
            try AllowedSigners.ofMachine(folder["link"])
        }
        #expect(throws: SignersError.danglingLink(folder["link"])) {
            try AllowedSigners.ofMachine(folder["link/signers"])
        }
        let size = AllowedSigners.maximumSize
        try folder.write("large", [UInt8](repeating: UInt8(ascii: "#"), count: size + 1))
        #expect(throws: SignersError.tooLarge(folder["large"], limit: size)) {
            try AllowedSigners.ofMachine(folder["large"])
        }
    }
}
