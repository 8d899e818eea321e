// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// What `bundle list` and `bundle verify` say about a signature that nobody asked them to judge.
@Suite struct BundleSignatureTests: SigningSuite {
    let folder: TemporaryFolder
    private var bundle: String { folder["trip.bundle"] }

    init() throws {
        folder = try TemporaryFolder()
        try prepare()
    }

    private func create(_ options: String...) throws {
        let words = ["bundle", "create", site, "-o", bundle] + options
        try #require(try Command.run(ProgramTests.binary, words).status == 0)
    }

    @Test(arguments: ["list", "verify"]) func keyOfABundle(_ command: String) throws {
        try create()
        #expect(try !run("bundle", command, bundle).errors.contains("signed"))
        #expect(try !run("bundle", command, bundle, "--json").text.contains("signature"))
        try create("--sign", folder["key"])
        let result = try run("bundle", command, bundle)
        #expect(result.status == 0)
        #expect(result.errors.contains("signed with the key SHA256:"))
        #expect(result.errors.contains("regstatic bundle verify BUNDLE --signers FILE"))
        let json = try JSON(parsing: Array(try run("bundle", command, bundle, "--json").text.utf8))
        #expect(json["signature"]?["verdict"]?.string == "unchecked")
        #expect(json["signature"]?["type"]?.string == "ssh-ed25519")
    }

    @Test func judgedKey() throws {
        try create("--sign", folder["key"])
        let words = ["bundle", "verify", bundle, "--signers", folder["signers"], "--json"]
        let result = try Command.run(ProgramTests.binary, words)
        let json = try JSON(parsing: Array(result.text.utf8))
        #expect(json["signature"]?["verdict"]?.string == "accepted")
    }

    /// A signature of something else shows that the bundle was changed, whoever signed.
    @Test func changedBundle() throws {
        try create("--sign", folder["key"])
        let members = TarMember.all(in: try folder.read("trip.bundle"))
        let other = try Command.run(
            "ssh-keygen",
            ["-q", "-Y", "sign", "-n", "regstatic-bundle", "-f", folder["key"]],
            input: Array("other".utf8)
        )
        let forged = members.changing("bundle.json.sig") { _ in other.output }
        try folder.write("trip.bundle", TarBuilder.tar(forged))
        let result = try run("bundle", "verify", bundle)
        #expect(result.status == 2)
        #expect(result.errors.contains("\(bundle): the signature of the bundle isn't accepted"))
        let list = try run("bundle", "list", bundle)
        #expect(list.errors.contains("has a signature that can't be accepted"))
        let json = try JSON(parsing: Array(try run("bundle", "list", bundle, "--json").text.utf8))
        #expect(json["signature"]?["verdict"]?.string == "refused")
    }
}
