// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// Bundles on a medium without enough room: found before a byte is written.
extension Integration {
    @Suite(.serialized, .needsMounts)
    struct BundleRoomTests {
        /// A site with a bundle of it, and a small disk.
        private func onSmallDisk(_ body: (Workspace, Mount) throws -> Void) throws {
            let workspace = try Workspace()
            let large = try LargeArchive.write(workspace, layers: 3)
            try workspace.build([large], into: "home")
            try workspace.regstatic(
                "bundle",
                "create",
                workspace["home"],
                "-o",
                workspace["trip.bundle"]
            )
            .succeeded()
            let disk = try Mount(memory: "12m", at: workspace["disk"])
            defer { disk.unmount() }
            try body(workspace, disk)
        }

        private func expectNoRoom(_ outcome: Outcome) {
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("are needed,"), "\(outcome.errors)")
            #expect(outcome.errors.contains("Free some space"))
        }

        @Test(arguments: [[], ["--volume-size", "5M"]])
        func create(_ options: [String]) throws {
            try onSmallDisk { workspace, disk in
                let words = [
                    Workspace.regstatic, "bundle", "create", workspace["home"], "-o",
                    workspace["disk/trip.bundle"],
                ]
                expectNoRoom(try workspace.start(words + options).wait())
                #expect(try workspace.folder.snapshot("disk").isEmpty)
                try disk.remount("size=100m")
                try workspace.start(words + options).wait().succeeded()
            }
        }

        /// A site on a medium that can only be read.
        @Test func readOnlySite() throws {
            try onSmallDisk { workspace, _ in
                try workspace.build([Fixture.containerdOne])
                let disk = try Mount(readOnly: workspace["site"], at: workspace["stick"])
                defer { disk.unmount() }
                let bundle = workspace["trip.bundle"]
                let stick = workspace["stick"]
                try workspace.regstatic("bundle", "verify", bundle, stick).succeeded()
                let outcome = try workspace.regstatic("bundle", "apply", bundle, stick)
                #expect(outcome.status == 4)
                #expect(outcome.errors.contains("Mount it for writing, or copy the site"))
            }
        }

        @Test func apply() throws {
            try onSmallDisk { workspace, disk in
                try workspace.build([Fixture.containerdOne], into: "disk/site")
                let before = try workspace.folder.snapshot("disk/site")
                let site = workspace["disk/site"]
                let bundle = workspace["trip.bundle"]
                expectNoRoom(try workspace.regstatic("bundle", "apply", bundle, site))
                let after = try workspace.folder.snapshot("disk/site")
                #expect(Tree.differences(before, after) == [])
                try disk.remount("size=200m")
                try workspace.regstatic("bundle", "apply", bundle, site).succeeded()
                try workspace.regstatic("verify", site).succeeded()
            }
        }
    }
}
