// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// The files of a release, made from the static program.
extension Integration {
    @Suite(.serialized, .needsStaticProgram, .needs(.rpmbuild, .sshKeygen))
    struct ReleaseTests {
        private static let tree =
            "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        private static let script = "packaging/release/release.sh"

        /// A release, made once for all tests.
        private static let released = Result {
            let workspace = try Workspace()
            let key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", workspace["key"]]
            try workspace.start(key).wait().succeeded()
            try make(workspace, "\(tree)/\(script)", ["KEY=\(workspace["key"])"])
            return workspace
        }

        private static func make(_ workspace: Workspace, _ script: String, _ setting: [String])
            throws
        {
            let folder = URL(fileURLWithPath: StaticRoot.program).deletingLastPathComponent().path
            let words = ["env"] + setting + ["sh", script, folder, workspace["files"]]
            try workspace.start(words).wait(120).succeeded()
        }

        /// The path of the only file with this ending.
        private func file(_ ending: String, _ workspace: Workspace) throws -> String {
            let names = try workspace.folder.snapshot("files").keys.filter { $0.hasSuffix(ending) }
            return workspace["files/\(try #require(names.count == 1 ? names.first : nil))"]
        }

        /// On another day, in another folder, by a user with another mask.
        @Test(.needs(.faketime)) func sameFilesAgain() throws {
            let first = try Self.released.get()
            let second = try Workspace()
            try second.folder.makeFolder("tree")
            let parts = ["Makefile", "README.md", "CHANGELOG.md", "LICENSE", "docs", "packaging"]
            let copy = ["cp", "-r"] + parts.map { "\(Self.tree)/\($0)" }
            try second.start(copy + [second["tree"]]).wait().succeeded()
            let script = second["tree/\(Self.script)"]
            let later = ["faketime", "+3 days", "sh", "-c", "umask 077; exec \"$@\"", "sh"]
            try Self.make(second, script, later)
            var expected = try first.folder.snapshot("files")
            #expect(expected.removeValue(forKey: "SHA256SUMS.sig") != nil)
            #expect(Tree.differences(expected, try second.folder.snapshot("files")) == [])
            #expect(expected.count == 6)
        }

        @Test func sumsAreRightAndSigned() throws {
            let workspace = try Self.released.get()
            let key = try workspace.folder.text("key.pub")
            try workspace.folder.write("signers", "home \(key)")
            try workspace.run(
                "sh",
                "-euc",
                """
                cd "$1"
                sha256sum -c SHA256SUMS
                ssh-keygen -Y verify -f "$2" -I home -n file -s SHA256SUMS.sig <SHA256SUMS
                """,
                "sh",
                workspace["files"],
                workspace["signers"]
            )
            .succeeded()
            let listed = try workspace.folder.text("files/SHA256SUMS").split(separator: "\n")
            #expect(listed.count == 5)
        }

        /// Each has the program, its manual and the licences, and asks for no other package.
        @Test(arguments: [".deb", ".rpm", ".tar.gz"])
        func packages(_ ending: String) throws {
            let workspace = try Self.released.get()
            let path = try file(ending, workspace)
            let root = "root\(ending)"
            try workspace.folder.makeFolder(root)
            let commands = [
                ".deb": "dpkg-deb -x \"$1\" . && ! dpkg-deb -f \"$1\" Depends | grep .",
                ".rpm":
                    "rpm2cpio \"$1\" | bsdtar -xf - && ! rpm -qp --requires \"$1\" | grep -v ^rpmlib",
                ".tar.gz": "tar -xzf \"$1\" --strip-components=1",
            ]
            let command = "set -eu; cd \"$2\"; \(commands[ending] ?? "false")"
            try workspace.run("sh", "-c", command, "sh", path, workspace[root]).succeeded()
            let prefix = ending == ".tar.gz" ? "" : "usr/"
            let files = try workspace.folder.snapshot(root).keys
            let program = ending == ".tar.gz" ? "regstatic" : "usr/bin/regstatic"
            for name in [
                program, "\(prefix)share/man/man1/regstatic.1.gz",
                "\(prefix)share/bash-completion/completions/regstatic",
            ] { #expect(files.contains(name), "\(name)") }
            #expect(files.contains { $0.hasSuffix("THIRD-PARTY") })
            #expect(files.contains { $0.hasSuffix("docs/clients.md") })
            let installed = try Tree.contents(workspace["\(root)/\(program)"])
            #expect(try installed == Tree.contents(StaticRoot.program))
        }

        @Test(.needs(.podman, .runc), .needsRoot, .needsMounts) func imageRuns() throws {
            let workspace = try Self.released.get()
            let archive = try file("-image.tar", workspace)
            let version = try workspace.run(StaticRoot.program, "--version").succeeded().lastLine
            let podman =
                ["podman", "--root", workspace["store"], "--runroot", workspace["run"]]
                + ["--storage-driver", "vfs", "--runtime", "runc", "--cgroup-manager", "cgroupfs"]
            try workspace.start(podman + ["load", "-q", "-i", archive]).wait().succeeded()
            // A machine may have lower limits than podman asks for.
            let limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
            let container = ["run", "--rm", "--network", "none"] + limits
            let image = "regstatic:\(version)"
            let outcome = try workspace.start(podman + container + [image, "--version"]).wait()
            #expect(outcome.lastLine == version, "\(outcome)")
        }

        /// Every library that the program names, with a licence.
        @Test func contentsAreListed() throws {
            let workspace = try Self.released.get()
            let document = try JSON(parsing: Tree.contents(try file(".spdx.json", workspace)))
            #expect(document["spdxVersion"]?.string == "SPDX-2.3")
            let packages = try #require(document["packages"]?.array)
            let listed = packages.map {
                "\($0["name"]?.string ?? "") \($0["versionInfo"]?.string ?? "")"
            }
            let named = try workspace.run(StaticRoot.program, "--version", "--verbose").text
                .split(separator: "\n").filter { $0.hasPrefix("  ") }.map { $0.dropFirst(2) }
            #expect(named.count > 10 && Set(listed.dropFirst()) == Set(named.map(String.init)))
            #expect(packages.allSatisfy { $0["licenseDeclared"]?.string?.isEmpty == false })
            let digest = Digest(of: try Tree.contents(StaticRoot.program)).hex
            let sums = packages.first?["checksums"]?.array?
                .compactMap { $0["checksumValue"]?.string }
            #expect(sums?.contains(digest) == true)
        }
    }
}
