// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

/// A suite with a site, the key `key` and the list `signers`, which says that the key belongs to
/// `home` and to everybody at `plant`.
protocol SigningSuite: SiteProgramSuite {}

extension SigningSuite {
    func prepare() throws {
        try build("docker28-one.tar")
        try makeKey("key", "ed25519")
        try folder.write("signers", "home,*@plant \(try folder.text("key.pub"))")
    }

    func makeKey(_ name: String, _ type: String, bits: Int? = nil) throws {
        let size = bits.map { ["-b", "\($0)"] } ?? []
        let made = try Command.run(
            "ssh-keygen",
            ["-q", "-t", type] + size + ["-N", "", "-C", "", "-f", folder[name]]
        )
        try #require(made.status == 0, "\(made.errors)")
    }

    @discardableResult
    func sign(_ key: String = "key") throws -> Command.Result {
        try run("sign", site, "--key", folder[key])
    }
}
