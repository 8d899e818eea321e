// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// The list of signers that a machine has, and that nobody can forget.
extension Integration {
    @Suite(.serialized, .needs(.ip, .sshKeygen), .needsRoot, .needsMounts)
    struct MachineSignersTests {
        /// Runs lines on a machine with a site, bundles for it, and `/etc/regstatic`.
        private func run(_ lines: [String]) throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.containerdOne], into: "far")
            try workspace.build([Fixture.containerdMany], into: "own-site")
            let ways = [
                "rm -rf /etc/regstatic",
                "ssh-keygen -q -t ed25519 -N '' -f key && ssh-keygen -q -t ed25519 -N '' -f other",
                "regstatic bundle create -q own-site --have far -o plain.bundle >created",
                "regstatic bundle create -q own-site --have far --sign key -o signed.bundle >created",
                "regstatic bundle create -q own-site --have far --sign other -o other.bundle >created",
                "mkdir /etc/regstatic",
                "echo \"home $(cat key.pub)\" >/etc/regstatic/allowed_signers",
            ]
            try Sandbox.run(ways + lines, workspace).succeeded()
        }

        /// A line that succeeds if a command ends with an exit code and says something.
        private func refused(_ command: String, _ code: Int, _ text: String) -> String {
            "regstatic \(command) >out 2>&1; [ $? = \(code) ] && grep -q '\(text)' out"
                + " || { cat out; exit 1; }"
        }

        @Test func theListGoverns() throws {
            let file = "/etc/regstatic/allowed_signers"
            try run([
                refused("bundle apply plain.bundle far", 2, "not signed, and \(file) demands"),
                refused("bundle apply other.bundle far", 2, "\(file) doesn.t have this key"),
                refused("build plain.bundle -o far", 2, "not signed, and \(file) demands"),
                refused("build other.bundle -o far", 2, "\(file) doesn.t have this key"),
                // A list of the user's own can't replace it.
                "echo \"home $(cat other.pub)\" >own",
                refused("bundle apply other.bundle far --signers own", 2, "\(file) doesn.t have"),
                // verify judges signers only if the user asks.
                "regstatic bundle verify other.bundle far",
                "regstatic bundle verify plain.bundle far",
                "! regstatic list far --json | grep -q '\"zoo/hello:2\"'",
                "regstatic bundle apply signed.bundle far 2>&1 | grep -q 'signed by home'",
                "regstatic list far --json | grep -q '\"zoo/hello:2\"'",
                "regstatic bundle apply signed.bundle far --signers \(file) --identity home",
                "regstatic build signed.bundle -o far",
                // Saved archives and sites need no signature.
                "regstatic build own-site -o new",
            ])
        }

        @Test func aListThatCannotBeReadAcceptsNothing() throws {
            let file = "/etc/regstatic/allowed_signers"
            try run([
                "rm \(file) && mkdir \(file)",
                refused("bundle apply signed.bundle far", 4, file),
                "rmdir \(file) && ln -s /nowhere \(file)",
                refused("bundle apply signed.bundle far", 4, file),
                "rm \(file) && : >\(file)",
                refused("bundle apply signed.bundle far", 2, "doesn.t have this key"),
                "rm -r /etc/regstatic && : >/etc/regstatic",
                refused("bundle apply signed.bundle far", 4, file),
                "rm /etc/regstatic",
                "regstatic bundle apply plain.bundle far",
            ])
        }
    }
}
