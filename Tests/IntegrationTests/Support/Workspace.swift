// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport

/// A folder of a test's own with everything in it, and programs that know no other home.
final class Workspace: Sendable {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // The server's workers aren't root: like a site in real life, it has to be open to them.
        chmod(folder.path, 0o755)
        try folder.makeFolder("home")
        try folder.write("policy.json", #"{"default":[{"type":"insecureAcceptAnything"}]}"#)
        try folder.write("registries.conf", "")
    }

    subscript(_ name: String) -> String { folder[name] }

    /// Nothing of the user's: no proxy, no credentials, no mirrors.
    var environment: [String: String] {
        [
            "PATH": Program.searchPath, "HOME": self["home"], "LC_ALL": "C",
            "XDG_RUNTIME_DIR": self["home"], "CONTAINERS_REGISTRIES_CONF": self["registries.conf"],
        ]
    }

    func start(_ arguments: [String], input: Pipe? = nil) throws -> Job {
        try Job(arguments, environment: environment, input: input)
    }

    @discardableResult
    func run(_ arguments: String..., timeout: Double = 60) throws -> Outcome {
        try start(arguments).wait(timeout)
    }

    // MARK: regstatic

    /// The program under test: built beside the tests, or named by the environment.
    static let regstatic: String = ProcessInfo.processInfo.environment["REGSTATIC"] ?? built

    /// The program that is built beside the tests.
    static let built: String =
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("regstatic").path

    @discardableResult
    func regstatic(_ arguments: String..., timeout: Double = 60) throws -> Outcome {
        try start([Self.regstatic] + arguments).wait(timeout)
    }

    /// Builds into the site of this name; anything but success is an error.
    func build(_ inputs: [String], _ options: String..., into site: String = "site") throws {
        try start([Self.regstatic, "build", "-q"] + inputs + options + ["-o", self[site]])
            .wait().succeeded()
    }

    /// Pulls an image with all its platforms by skopeo, over plain HTTP, into an OCI layout.
    func pullAll(_ reference: String, to folder: String) throws {
        let tag = reference.split(separator: ":").last ?? ""
        try start(
            [
                "skopeo", "--policy", self["policy.json"], "copy", "-q", "--all",
                "--src-tls-verify=false", "docker://\(reference)", "oci:\(self[folder]):\(tag)",
            ]
        )
        .wait().succeeded()
    }

    func copy(_ from: String, to: String) throws {
        try run("cp", "-a", self[from], self[to]).succeeded()
    }
}
