// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

// A dying disk gives less than it holds: an error while a folder is listed is never its end.
extension Integration {
    @Suite(.serialized, .needs(.strace))
    struct MediumFailureTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
        }

        /// Runs a command in which the Nth listing of a folder fails; nil once there are fewer.
        private func run(_ arguments: [String], failing number: Int) throws -> Outcome? {
            let trace = workspace["trace"]
            let strace = [
                "strace", "-f", "-qq", "-o", trace, "-e", "trace=getdents64", "-e",
                "inject=getdents64:error=EIO:when=\(number)",
            ]
            let outcome = try workspace.start(strace + [Workspace.regstatic] + arguments).wait()
            return try workspace.folder.text("trace").contains("(INJECTED)") ? outcome : nil
        }

        /// Each listing of a run fails in turn, or every Nth.
        private func failEach(
            _ arguments: [String],
            stride step: Int = 1,
            _ check: (Outcome, Int) throws -> Void
        ) throws -> Int {
            for number in stride(from: 1, through: 1000, by: step) {
                guard let outcome = try run(arguments, failing: number) else { return number - 1 }
                try check(outcome, number)
            }
            throw Missing(description: "the run never came to its end")
        }

        @Test(arguments: ["plain", "portable"])
        func verifyNeverCallsItWhole(_ layout: String) throws {
            try workspace.build([Fixture.attested, Fixture.docker20One], "--layout", layout)
            let arguments = ["verify", workspace["site"]]
            let count = try failEach(arguments) { outcome, number in
                #expect([2, 4].contains(outcome.status), "\(number): \(outcome.text)")
                #expect((outcome.text + outcome.errors).contains("Input/output error"))
                #expect(!outcome.errors.contains("is whole"))
            }
            #expect(count > 10)
        }

        /// Each file of a site is unreadable in turn: verify says so, and so does a build from the site,
        /// if it reads the file.
        @Test(arguments: ["plain", "portable"]) func eachFile(_ layout: String) throws {
            try workspace.build([Fixture.docker20One], "--layout", layout)
            var count = 0
            for (path, entry) in try workspace.folder.snapshot("site") {
                guard case .file(let bytes, _) = entry, !bytes.isEmpty,
                    // Hints, which may also be deleted.
                    !path.hasPrefix(".regstatic/")
                else { continue }
                for command in [["verify", "site"], ["build", "-q", "site", "-o", "out"]] {
                    guard let outcome = try run(command, unable: "site/\(path)") else { continue }
                    count += 1
                    #expect([1, 2, 4].contains(outcome.status), "\(command[0]) \(path)")
                    let words = outcome.text + outcome.errors
                    #expect(words.contains("Input/output error"), "\(path): \(words)")
                    #expect(!words.contains("is whole"), "\(path)")
                    try workspace.folder.remove("out")
                }
            }
            #expect(count > 20)
        }

        /// Runs a command for which one file can't be read; nil if it doesn't read it.
        private func run(_ words: [String], unable path: String) throws -> Outcome? {
            let arguments = words.map { ["site", "out"].contains($0) ? workspace[$0] : $0 }
            let calls = "read,pread64"
            let strace = [
                "strace", "-f", "-qq", "-o", workspace["trace"], "-P", workspace[path], "-e",
                "trace=\(calls)", "-e", "inject=\(calls):error=EIO",
            ]
            let outcome = try workspace.start(strace + [Workspace.regstatic] + arguments).wait()
            return try workspace.folder.text("trace").contains("(INJECTED)") ? outcome : nil
        }

        /// A damaged blob is found although the listing of the blobs fails.
        @Test func verifyHashesWhatManifestsName() throws {
            try workspace.build([Fixture.docker20One])
            let blobs = try workspace.folder.snapshot("site/blobs/sha256")
            let layer = blobs.first { _, entry in
                guard case .file(let bytes, _) = entry else { return false }
                return bytes.starts(with: [0x1F, 0x8B])
            }
            let name = try #require(layer?.key)
            try workspace.folder.write("site/blobs/sha256/\(name)", "rotten")
            var seen = false
            _ = try failEach(["verify", workspace["site"]]) { outcome, _ in
                guard outcome.text.contains("blobs/sha256: can't be read") else { return }
                seen = true
                #expect(outcome.text.contains("blobs/sha256/\(name): its bytes have the digest"))
                #expect(outcome.errors.contains("(\(blobs.count) blobs"))
            }
            #expect(seen)
        }

        @Test(arguments: ["prune", "remove", "list"]) func othersStop(_ command: String) throws {
            try workspace.build([Fixture.docker20Many], into: "base")
            let site = workspace["site"]
            let arguments = [command, site] + (command == "remove" ? ["zoo/hello:1"] : [])
            var count = 0
            for number in 1...1000 {
                try workspace.folder.remove("site")
                try workspace.copy("base", to: "site")
                guard let outcome = try run(arguments, failing: number) else { break }
                count = number
                #expect(outcome.status == 4, "\(number): \(outcome.text)\(outcome.errors)")
                #expect(outcome.errors.contains("Input/output error"))
                try workspace.regstatic("export", site, "zoo/hello:3", "-o", workspace["x.tar"])
                    .succeeded()
            }
            #expect(count > 0)
        }

        /// What an input holds is either taken in, or its loss is said and the exit code isn't 0.
        @Test(arguments: ["site", "volume"]) func noInputLosesAnything(_ kind: String) throws {
            if kind == "site" {
                try workspace.build([Fixture.attested, Fixture.docker20One], into: "input")
            } else {
                try workspace.folder.makeFolder("input")
                let archive = Fixture.path("registry-backup.tar")
                try workspace.run("tar", "-C", workspace["input"], "-xf", archive).succeeded()
            }
            let arguments = ["build", "-q", workspace["input"], "-o", workspace["out"]]
            let step = kind == "site" ? 1 : 9
            let count = try failEach(arguments, stride: step) { outcome, number in
                #expect([1, 4].contains(outcome.status), "\(number): \(outcome.errors)")
                #expect(outcome.errors.contains("Input/output error"))
                guard workspace.folder.exists("out/index.json") else { return }
                let verdict = try workspace.regstatic("verify", workspace["out"])
                #expect(verdict.status == 0 || outcome.status == 4, "\(number): \(verdict.text)")
                try workspace.folder.remove("out")
            }
            #expect(count > 4)
        }
    }
}
