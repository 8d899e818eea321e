// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// One writer at a time.
extension Integration {
    @Suite(.serialized)
    struct LockTests {
        /// The first run waits for its standard input, and holds the site meanwhile.
        @Test func secondWriterIsTurnedAwayAtOnce() throws {
            let workspace = try Workspace()
            let input = Pipe()
            let first = try workspace.start(
                [Workspace.regstatic, "build", "-", "-o", workspace["site"]],
                input: input
            )
            try waitForLock(workspace)
            let clock = ContinuousClock()
            let start = clock.now
            let second = try workspace.regstatic(
                "build",
                Fixture.containerdOne,
                "-o",
                workspace["site"]
            )
            #expect(clock.now - start < .seconds(5))
            #expect(second.status == 3)
            #expect(second.errors.contains("process \(first.pid) on "))
            #expect(first.isRunning)

            let archive = try Data(contentsOf: URL(fileURLWithPath: Fixture.docker20One))
            try input.fileHandleForWriting.write(contentsOf: archive)
            try input.fileHandleForWriting.close()
            try first.wait().succeeded()
            try workspace.build([Fixture.containerdMany], "--prefix", "second")
            try workspace.regstatic("verify", workspace["site"]).succeeded()
        }

        /// The kernel drops the lock of whoever dies.
        @Test func lockOfADeadWriterIsFree() throws {
            let workspace = try Workspace()
            let input = Pipe()
            let first = try workspace.start(
                [Workspace.regstatic, "build", "-", "-o", workspace["site"]],
                input: input
            )
            try waitForLock(workspace)
            first.send(SIGKILL)
            #expect(try first.wait().signal == SIGKILL)
            try workspace.build([Fixture.docker20One])
            try workspace.build([Fixture.docker20One], into: "undisturbed")
            let site = try workspace.folder.snapshot("site")
            let undisturbed = try workspace.folder.snapshot("undisturbed")
            #expect(Tree.differences(site, undisturbed) == [])
        }

        private func waitForLock(_ workspace: Workspace) throws {
            for _ in 0..<200 {
                let text = try? workspace.folder.text("site/.regstatic/lock")
                if text?.isEmpty == false { return }
                usleep(50_000)
            }
            throw Missing(description: "the first run doesn't take the lock")
        }
    }
}
