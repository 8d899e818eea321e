// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import TestSupport
import Testing

// A power cut, the OOM killer, an impatient user: a run may end at any point.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl))
    struct KillTests {
        /// While layers are read and compressed: killed by the clock.
        @Test(.timeLimit(.minutes(3)))
        func killedAtAnyTime() throws {
            let workspace = try Workspace()
            let large = try LargeArchive.write(workspace)
            let site = try Interruption(workspace, base: Fixture.containerdOne, adding: [large])
            defer { site.stop() }
            let wanted = 25
            var (killed, attempts) = (0, 0)
            var duration = site.duration
            while killed < wanted, attempts < 100 {
                attempts += 1
                // Every third one meets what the one before it left.
                if attempts % 3 != 0 { try site.startAfresh() }
                let start = ContinuousClock.now
                let job = try workspace.start(site.command)
                usleep(Self.microseconds(duration) * UInt32(killed + 1) / UInt32(wanted + 1))
                job.send(SIGKILL)
                if try job.wait().signal == SIGKILL {
                    killed += 1
                } else if attempts % 3 != 0 {
                    // It was done already: the machine is faster than it was.
                    duration = ContinuousClock.now - start
                }
                try site.check("zoo/hello", "1")
                if attempts % 10 == 0 { try site.finish() }
            }
            #expect(killed == wanted)
            try site.finish()
        }

        /// While the site is drawn, which takes milliseconds: killed at each rename.
        @Test(.needs(.strace), .timeLimit(.minutes(3)))
        func killedAtEachRename() throws {
            let workspace = try Workspace()
            let site = try Interruption(
                workspace,
                base: Fixture.docker20One,
                adding: [Fixture.containerdMany]
            )
            defer { site.stop() }
            for number in 1...1000 {
                try site.startAfresh()
                let job = try workspace.start(Self.strace(killAt: number) + site.command)
                let outcome = try job.wait()
                try site.check("zoo/hello", "1")
                if outcome.status == 0 {
                    #expect(number > 40)
                    return
                }
                #expect(outcome.signal == SIGKILL)
                if number % 8 == 0 { try site.finish() }
            }
            Issue.record("the run never came to its end")
        }

        /// A killed run that changes or removes tags leaves a site that the next run finishes.
        @Test(
            .needs(.strace),
            .timeLimit(.minutes(3)),
            arguments: ["tag", "remove", "prune", "mirror"],
            ["plain", "portable"]
        )
        func killedWhileTagsChange(_ command: String, _ layout: String) throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20Many], "--layout", layout, into: "base")
            if command == "prune" {
                try workspace.regstatic("remove", workspace["base"], "zoo/hello:2").succeeded()
            }
            let site = workspace["site"]
            let arguments =
                switch command {
                case "tag": ["tag", site, "zoo/hello:2", ":1", "promo/hello:2"]
                case "remove": ["remove", site, "zoo/hello:2"]
                case "prune": ["prune", site, "--now"]
                default: ["build", Fixture.docker20One, "-o", site, "--mirror", "--yes", "--now"]
                }
            for number in 1...1000 {
                try workspace.folder.remove("site")
                try workspace.copy("base", to: "site")
                let killed = Self.strace(killAt: number) + [Workspace.regstatic] + arguments
                let outcome = try workspace.start(killed).wait()
                let found = try workspace.regstatic("verify", site)
                #expect([0, 6].contains(found.status), "\(number): \(found.output)")
                // The reference may be gone already.
                let again = try workspace.start([Workspace.regstatic] + arguments).wait()
                #expect([0, 1].contains(again.status), "\(number): \(again.errors)")
                try workspace.regstatic("prune", site).succeeded()
                try workspace.regstatic("verify", site).succeeded()
                guard outcome.status != 0 else {
                    #expect(number > 3)
                    return
                }
                #expect(outcome.signal == SIGKILL)
            }
            Issue.record("the run never came to its end")
        }

        private static func microseconds(_ duration: Duration) -> UInt32 {
            UInt32(duration / .microseconds(1))
        }

        private static func strace(killAt number: Int) -> [String] {
            // One of the two names is the system call of this processor.
            let calls = "renameat,?renameat2"
            return [
                "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)",
                "-e", "inject=\(calls):signal=SIGKILL:when=\(number)",
            ]
        }
    }
}
