// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

// The static program in root folders that have nothing but `/proc`, or not even this.
extension Integration {
    @Suite(.serialized, .needsStaticProgram, .needsRoot, .needsMounts)
    struct StaticRootTests {
        private let root: StaticRoot
        private var workspace: Workspace { root.workspace }

        init() throws { root = try StaticRoot() }

        /// Runs a line of words in the root folder.
        @discardableResult
        private func regstatic(
            _ line: String,
            proc: Bool = true,
            temporary: String? = nil
        ) throws -> Outcome {
            let words = ["/regstatic"] + line.split(separator: " ").map(String.init)
            return try root.run(words, proc: proc, temporary: temporary)
        }

        @Test func wholeWayInAnEmptyRoot() throws {
            try root.copy(Fixture.attested, "one.tar")
            try root.copy(Fixture.docker20Many, "many.tar")
            try regstatic("build /one.tar -o /far").succeeded()
            try regstatic("build /one.tar /many.tar -o /site").succeeded()
            let inputs = [workspace["root/one.tar"], workspace["root/many.tar"]]
            try workspace.build(inputs, into: "usual")
            let usual = try workspace.folder.snapshot("usual")
            #expect(Tree.differences(usual, try workspace.folder.snapshot("root/site")) == [])
            #expect(try regstatic("list /site").succeeded().text.contains("zoo/hello"))
            try regstatic("export /site zoo/hello:2 -o /export.tar").succeeded()
            try workspace.regstatic("build", workspace["root/export.tar"], "-o", workspace["again"])
                .succeeded()
            let create = "bundle create /site --have /far -o /trip.bundle"
            let refused = try regstatic(create)
            #expect(refused.status == 4)
            #expect(refused.errors.contains("export TMPDIR=FOLDER"), "\(refused.errors)")
            try regstatic(create, temporary: "/").succeeded()
            try regstatic("bundle apply /trip.bundle /far").succeeded()
            try regstatic("tls --host registry.plant.lan -o /tls").succeeded()
            try regstatic("clients /site --host registry.plant.lan --ca /tls/ca.crt").succeeded()
            for site in ["/site", "/far"] { try regstatic("verify \(site)").succeeded() }
            try workspace.regstatic("verify", workspace["root/far"]).succeeded()
        }

        @Test(.needs(.busybox)) func commandsInABusyboxRoot() throws {
            try root.copy("/bin/busybox", "sh")
            try root.copy(Fixture.docker20Many, "many.tar")
            let script = """
                ./regstatic build many.tar -o site && ./regstatic verify site &&
                ./regstatic list site && ./regstatic export site zoo/hello:2 -o - | ./regstatic build - -o again
                """
            let outcome = try root.run(["/sh", "-c", script]).succeeded()
            #expect(outcome.text.contains("zoo/hello"))
        }

        @Test func missingProcIsSaid() throws {
            let outcome = try regstatic("list /site", proc: false)
            #expect(outcome.status == 5)
            #expect(outcome.errors.contains("/proc is missing"))
            #expect(outcome.errors.contains("mount -t proc proc /proc"))
        }

        @Test func missingProgramsAreSaid() throws {
            try root.copy(Fixture.docker20One, "one.tar")
            try regstatic("build /one.tar -o /site").succeeded()
            let serve = try regstatic("serve /site")
            #expect(serve.status == 5 && serve.errors.contains("nginx"), "\(serve.errors)")
            let doctor = try regstatic("doctor http://127.0.0.1:1")
            #expect(doctor.status == 5, "\(doctor.errors)")
            #expect(doctor.errors.hasPrefix("error: no answer"), "\(doctor.errors)")
        }
    }
}
