// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// What happens to a site when its disk refuses.
extension Integration {
    @Suite(.serialized, .needsMounts)
    struct DiskTests {
        @Test func fullDiskLeavesTheSiteAsItWas() throws {
            let workspace = try Workspace()
            let large = try LargeArchive.write(workspace, layers: 3)
            let disk = try Mount(memory: "12m", at: workspace["disk"])
            defer { disk.unmount() }
            let site = workspace["disk/site"]
            try workspace.build([Fixture.containerdOne], into: "disk/site")
            let before = try Tree.snapshot(site)

            let outcome = try workspace.regstatic("build", large, "-o", site)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("No space left on device"))
            #expect(outcome.errors.contains("Free some space"))
            #expect(outcome.errors.contains(site))
            try workspace.regstatic("verify", site).succeeded()
            #expect(try Self.published(before) == Self.published(Tree.snapshot(site)))

            try disk.remount("size=200m")
            try workspace.regstatic("build", large, "-o", site).succeeded()
            try workspace.regstatic("verify", site).succeeded()
            try workspace.build([Fixture.containerdOne, large], into: "undisturbed")
            let undisturbed = try workspace.folder.snapshot("undisturbed")
            #expect(Tree.differences(undisturbed, try Tree.snapshot(site)) == [])
        }

        /// What a site shows: all but the tool's own state, and blobs that wait for the next run.
        private static func published(_ tree: [String: Tree.Entry]) -> [String: Tree.Entry] {
            tree.filter { !$0.key.hasPrefix(".regstatic") && !$0.key.hasPrefix("blobs/") }
        }

        /// An error on a full disk may not fill it for good.
        @Test func fullDiskIsNotLeftFull() throws {
            let workspace = try Workspace()
            let large = try LargeArchive.write(workspace, layers: 3)
            let disk = try Mount(memory: "12m", at: workspace["disk"])
            defer { disk.unmount() }
            try workspace.build([Fixture.containerdOne], into: "disk/site")
            try #require(
                try workspace.regstatic("build", large, "-o", workspace["disk/site"]).status == 4
            )
            try workspace.build([Fixture.docker20One], into: "disk/site")
            try workspace.regstatic("verify", workspace["disk/site"]).succeeded()
        }

        /// A disk may also have no room for another name, which ends a run while it draws the site.
        @Test(arguments: [8, 30, 45])
        func diskWithoutInodesLeavesTheSiteAsItWas(_ left: Int) throws {
            let workspace = try Workspace()
            let disk = try Mount(memory: "12m,nr_inodes=400", at: workspace["disk"])
            defer { disk.unmount() }
            let site = workspace["disk/site"]
            try workspace.build([Fixture.docker20One], into: "disk/site")
            let before = try Tree.snapshot(site)
            // The mount's own folder and the site's count too.
            try disk.remount("nr_inodes=\(before.count + 2 + left)")

            let outcome = try workspace.regstatic("build", Fixture.containerdMany, "-o", site)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("No space left on device"))
            try workspace.regstatic("verify", site).succeeded()
            let after = try Tree.snapshot(site)
            #expect(Tree.differences(before, after).allSatisfy { before[$0] == nil })

            try disk.remount("nr_inodes=400")
            try workspace.build([Fixture.containerdMany], into: "disk/site")
            try workspace.regstatic("verify", site).succeeded()
        }

        @Test func readOnlyFolderIsNamed() throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.containerdOne])
            let disk = try Mount(readOnly: workspace["site"], at: workspace["stick"])
            defer { disk.unmount() }
            for output in [workspace["stick"], workspace["stick/new"]] {
                let outcome = try workspace.regstatic("build", Fixture.docker20One, "-o", output)
                #expect(outcome.status == 4)
                #expect(outcome.errors.contains("Read-only file system"))
                #expect(outcome.errors.contains(output))
                #expect(outcome.errors.contains("-o"))
            }
        }
    }

    @Suite struct OutputTests {
        @Test func outputThatIsAFileIsNamed() throws {
            let workspace = try Workspace()
            let path = try workspace.folder.write("file", "mine")
            for (output, text) in [
                (path, "is a file, but -o"), (path + "/below", "Not a directory"),
            ] {
                let outcome = try workspace.regstatic("build", Fixture.docker20One, "-o", output)
                #expect(outcome.status == 4)
                #expect(outcome.errors.contains(output))
                #expect(outcome.errors.contains(text), "\(outcome.errors)")
            }
            #expect(try workspace.folder.text("file") == "mine")
        }

        @Test(.enabled("root may write everywhere") { geteuid() != 0 })
        func folderOfAnotherUserIsNamed() throws {
            let workspace = try Workspace()
            try workspace.folder.makeFolder("theirs")
            chmod(workspace["theirs"], 0o555)
            let output = workspace["theirs/site"]
            let outcome = try workspace.regstatic("build", Fixture.docker20One, "-o", output)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("Permission denied"))
            #expect(outcome.errors.contains(output))
        }

        @Test func foreignFolderIsLeftAlone() throws {
            let workspace = try Workspace()
            try workspace.folder.write("mine/letter", "dear")
            let outcome = try workspace.regstatic(
                "build",
                Fixture.docker20One,
                "-o",
                workspace["mine"]
            )
            #expect(outcome.status == 4)
            #expect(try workspace.folder.snapshot("mine").keys.sorted() == ["letter"])
        }
    }
}
