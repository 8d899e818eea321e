// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// Signs sites with the real ssh-keygen, and checks them with and without it.
@Suite(.enabled(if: Command.isInstalled("ssh-keygen")))
struct SignTests: SigningSuite {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try prepare()
    }

    private var index: [UInt8] { get throws { try folder.read("site/index.json") } }

    private var signaturePath: String {
        get throws { "signatures/\(Digest(of: try index).hex).sig" }
    }

    private func verify(_ identity: String? = nil, signers: String = "signers") throws
        -> Command.Result
    {
        let who = identity.map { ["--identity", $0] } ?? []
        return try Command.run(
            ProgramTests.binary,
            ["verify", site, "--signers", folder[signers]] + who
        )
    }

    private func fingerprint() throws -> String {
        let text = try Command.run("ssh-keygen", ["-l", "-f", folder["key.pub"]]).text
        return String(text.split(separator: " ")[1])
    }

    // MARK: Signing and checking

    @Test func signsAndVerifies() throws {
        let signed = try sign()
        try #require(signed.status == 0, "\(signed.errors)")
        #expect(signed.errors.contains(try fingerprint()))
        for who in [nil, "home", "someone@plant"] {
            let result = try verify(who)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("signed by \(who ?? "home, *@plant") ("))
        }
        let other = try verify("away")
        #expect(other.status == 2)
        #expect(other.text.contains("belongs to home, *@plant, not to away"))
        let without = try run("verify", site)
        #expect(without.status == 0)
        #expect(without.errors.contains("signed with the key \(try fingerprint())"))
    }

    @Test func sshKeygenAcceptsTheSignature() throws {
        try sign()
        for (identity, status) in [("home", 0), ("away", 255)] as [(String, Int32)] {
            let result = try Command.run(
                "ssh-keygen",
                [
                    "-Y", "verify", "-n", "regstatic-site", "-f", folder["signers"], "-I", identity,
                    "-s", "\(site)/\(try signaturePath)",
                ],
                input: try index
            )
            #expect(result.status == status, "\(identity): \(result.errors)")
        }
    }

    /// A signature that somebody made without regstatic.
    @Test func regstaticAcceptsSSHKeygensSignature() throws {
        let signed = try Command.run(
            "ssh-keygen",
            ["-q", "-Y", "sign", "-n", "regstatic-site", "-f", folder["key"]],
            input: try index
        )
        try folder.write("site/\(try signaturePath)", signed.output)
        #expect(try verify("home").status == 0)
    }

    @Test func faultsOfSignatures() throws {
        let unsigned = try verify()
        #expect(unsigned.status == 2)
        #expect(unsigned.text == "fault: index.json: the site is not signed\n")
        try sign()
        let path = try signaturePath
        let good = try folder.text("site/\(path)")
        try makeKey("other", "ecdsa")
        try folder.write("others", "home \(try folder.text("other.pub"))")
        let unknown = try verify(signers: "others")
        #expect(unknown.status == 2)
        #expect(unknown.text.contains("doesn't have this key"))
        // A signature of something else, in the place of the site's.
        let wrong = try Command.run(
            "ssh-keygen",
            ["-q", "-Y", "sign", "-n", "regstatic-site", "-f", folder["key"]],
            input: Array("other".utf8)
        )
        for (text, message) in [
            (wrong.text, "doesn't match the content"),
            (String(good.dropLast(40)), "not a signature of OpenSSH"),
            (String(repeating: "A", count: 70_000), "larger than"),
        ] {
            try folder.write("site/\(path)", text)
            for arguments in [["--signers", folder["signers"]], []] {
                let result = try Command.run(ProgramTests.binary, ["verify", site] + arguments)
                #expect(result.status == 2)
                #expect(result.text.contains(message), "\(result.text)")
            }
        }
    }

    /// What stands in the site may be changed by somebody who can't sign.
    @Test func aChangedIndexIsNotSigned() throws {
        try sign()
        let signature = try folder.text("site/\(try signaturePath)")
        let text = String(decoding: try index, as: UTF8.self)
        try folder.write("site/index.json", text.replacing("hello", with: "hullo"))
        #expect(try verify().text.contains("fault: index.json: the site is not signed"))
        try folder.write("site/\(try signaturePath)", signature)
        #expect(try verify().text.contains("doesn't match the content"))
    }

    @Test func linesThatNeverMatchAreNamed() throws {
        try sign()
        let key = try folder.text("key.pub")
        try folder.write("closed", "#\nhome valid-before=\"22000101\" \(key)")
        #expect(try verify(signers: "closed").errors.contains("its option valid-before"))
        try folder.write("damaged", "home ssh-ed25519 AAAA\n")
        let damaged = try verify(signers: "damaged")
        #expect(damaged.errors.contains("The key in line 1 can't be used: it is damaged."))
        try folder.write("git", "home namespaces=\"git\" \(key)")
        #expect(try verify(signers: "git").text.contains("line 1 of"))
    }

    @Test func listShowsTheSigner() throws {
        try sign()
        #expect(try run("list", site).errors.contains("signed with the key"))
        let judged = try run("list", site, "--signers", folder["signers"], "--identity", "home")
        #expect(judged.errors.contains("signed by home ("))
        let other = try run("list", site, "--signers", folder["signers"], "--identity", "away")
        #expect(other.status == 0)
        #expect(other.errors.contains("warning: "))
        let json = try JSON(parsing: Array(try run("list", site, "--json").text.utf8))
        #expect(json["signature"]?["verdict"]?.string == "unchecked")
        #expect(json["signature"]?["key"]?.string == (try fingerprint()))
    }

    /// Bytes that regstatic would write otherwise may mean something else to another program.
    @Test func aSignedIndexIsCanonical() throws {
        let text = String(decoding: try index, as: UTF8.self)
        try folder.write("site/index.json", text.replacing("{\"schema", with: "{ \"schema"))
        try #require(try index.count == text.utf8.count + 1)
        let signed = try Command.run(
            "ssh-keygen",
            ["-q", "-Y", "sign", "-n", "regstatic-site", "-f", folder["key"]],
            input: try index
        )
        try folder.write("site/\(try signaturePath)", signed.output)
        let result = try verify()
        #expect(result.status == 2)
        #expect(result.text.contains("isn't one that regstatic writes"))
    }

    @Test func signPrintsADocument() throws {
        let result = try run("sign", site, "--key", folder["key"], "--json")
        let json = try JSON(parsing: Array(result.text.utf8))
        #expect(json["key"]?.string == (try fingerprint()))
        #expect(json["type"]?.string == "ssh-ed25519")
        #expect(json["path"]?.string == (try signaturePath))
    }

    // MARK: Not signed

    @Test func aDamagedSiteIsNotSigned() throws {
        try folder.write("site/content-types.json", "damaged")
        let result = try sign()
        #expect(result.status == 2)
        #expect(result.errors.contains("1 fault, so it was not signed"))
        #expect(!folder.exists("site/signatures"))
    }

    @Test func unusableKeys() throws {
        try folder.write("lone.pub", try folder.text("key.pub"))
        try makeKey("weak", "rsa", bits: 1024)
        let cases: [(String, Int32, String)] = [
            ("absent", 4, "there is no key file"), ("signers", 5, "ssh-keygen can't sign"),
            ("lone.pub", 5, "is a public key"), ("weak", 5, "an RSA key needs 2048 bits"),
            ("site", 4, "there is no key file"),
        ]
        for (key, status, message) in cases {
            let result = try sign(key)
            #expect(result.status == status, "\(key): \(result.errors)")
            #expect(result.errors.contains(message), "\(key): \(result.errors)")
        }
        #expect(!folder.exists("site/signatures"))
        // Its private key is beside it.
        #expect(try sign("key.pub").status == 0)
    }

    @Test func withoutSSHKeygen() throws {
        let result = try Command.run(
            ProgramTests.binary,
            ["sign", site, "--key", folder["key"]],
            environment: ["PATH": folder.path]
        )
        // The folders of servers are searched, too; ssh-keygen is in none of them.
        #expect(result.status == 5)
        #expect(result.errors.contains("ssh-keygen is not installed"))
    }

    @Test func changesSayThatTheSignatureIsGone() throws {
        let lost = "its signature was removed"
        try sign()
        let built = try run("build", Fixture.path("crane0.20.tar"), "-o", site)
        #expect(built.errors.contains(lost))
        try sign()
        let removed = try run("remove", site, "zoo/hello:1", "--json")
        #expect(removed.text.contains(#""signatureRemoved":true"#))
        try sign()
        #expect(try run("prune", site, "--now").errors.contains(lost))
        try sign()
        let clients = try run("clients", site, "--host", "registry.lan", "--http")
        #expect(clients.errors.contains(lost))
        #expect(try !run("prune", site).errors.contains(lost))
    }

    /// A run that changes nothing says what the next one does.
    @Test func pruningASignedSite() throws {
        try run("remove", site, "zoo/hello:1")
        try sign()
        let text = try run("prune", site, "--now", "--dry-run")
        #expect(text.errors.contains("the site will change, so its signature would be removed\n"))
        let dry = try run("prune", site, "--now", "--dry-run", "--json")
        let json = try run("prune", site, "--now", "--json")
        #expect(json.text == dry.text.replacing("\"dryRun\":true", with: "\"dryRun\":false"))
        #expect(json.text.contains(#"sig"]"#) && json.text.contains(#""signatureRemoved":true"#))
    }

    @Test func tagSaysThatTheSignatureIsGone() throws {
        let lost = "its signature was removed"
        try sign()
        #expect(try !run("tag", site, "zoo/hello:1", ":1").errors.contains(lost))
        #expect(try run("tag", site, "zoo/hello:1", ":new").errors.contains(lost))
        try sign()
        let tagged = try run("tag", site, "zoo/hello:1", ":newer", "--json")
        #expect(tagged.text.contains(#""signatureRemoved":true"#))
    }

    /// A bundle changes the site like any other command, and one that changes nothing keeps the signature.
    @Test func bundlesRemoveTheSignature() throws {
        let (home, bundle) = (folder["home"], folder["trip.bundle"])
        let inputs = [site, Fixture.path("docker28-many.tar")]
        let built = try Command.run(ProgramTests.binary, ["build", "-q"] + inputs + ["-o", home])
        try #require(built.status == 0, "\(built.errors)")
        try run("bundle", "create", home, "--have", site, "-o", bundle)
        try sign()
        let first = try run("bundle", "apply", bundle, site)
        #expect(first.status == 0)
        #expect(first.errors.contains("its signature was removed"))
        try sign()
        let second = try run("bundle", "apply", bundle, site, "--json")
        #expect(second.status == 0)
        #expect(second.text.contains(#""signatureRemoved":false"#))
        #expect(try folder.exists("site/\(signaturePath)"))
    }

    @Test func signersMustBeReadable() throws {
        for (path, status) in [("absent", 4), ("site", 4)] as [(String, Int32)] {
            #expect(try verify(signers: path).status == status)
        }
        #expect(try run("verify", site, "--identity", "home").status == 64)
    }
}
