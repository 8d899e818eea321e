// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport
import Testing

/// A root folder that has the static program and nothing else, or what a test puts there.
struct StaticRoot {
    let workspace: Workspace

    /// The program that `make static` builds.
    static let program =
        "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        + "/.build/static/regstatic"

    init() throws {
        workspace = try Workspace()
        try workspace.folder.makeFolder("root/proc")
        try copy(Self.program, "regstatic")
    }

    /// Copies a file or folder of the machine into the root folder.
    func copy(_ path: String, _ name: String) throws {
        try workspace.run("cp", "-a", path, workspace["root/\(name)"]).succeeded()
    }

    /// Runs a program of the root folder with no network, and with `/proc` and a folder for temporary
    /// files only if they are wanted.
    func run(_ arguments: [String], proc: Bool = true, temporary: String? = nil) throws -> Outcome {
        let setting = temporary.map { "TMPDIR=\($0) " } ?? ""
        let mount = proc ? #"mount -t proc proc "$0/proc" && "# : ""
        let script = mount + "exec env -i \(setting)" + #""$(command -v chroot)" "$0" "$@""#
        let entrance = ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c"]
        return try workspace.start(entrance + [script, workspace["root"]] + arguments).wait()
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where the static program is built.
    static var needsStaticProgram: Self {
        .enabled("needs the static program") {
            guard access(StaticRoot.program, X_OK) != 0 else { return true }
            return try Missing.skip("no \(StaticRoot.program): make static")
        }
    }
}
