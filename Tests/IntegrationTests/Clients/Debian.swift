// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport

/// A release of Debian whose clients pull: the machine's, or one in a tree of its own.
///
/// A tree shares `/tmp` and the loopback interface with the machine.
struct Debian: Sendable {
    /// As it calls itself, such as "Debian 12 (bookworm)".
    let name: String
    private let root: String
    private let entrance: [String]

    static let machine = Debian(root: "", entrance: [])

    /// The trees that the environment names; none without.
    static let trees: [Debian] = {
        let list = ProcessInfo.processInfo.environment["REGSTATIC_TREES"] ?? ""
        return list.split(separator: ":").map { Debian(tree: String($0)) }
    }()

    private init(tree: String) {
        self.init(root: tree, entrance: ["\(Fixture.tests)/Clients/enter.sh", tree])
    }

    private init(root: String, entrance: [String]) {
        self.root = root
        self.entrance = entrance
        let release = try? String(contentsOfFile: "\(root)/etc/os-release", encoding: .utf8)
        let name = release?.firstMatch(of: #/PRETTY_NAME="(.*)"/#).map { String($0.1) }
        self.name = name?.replacing(" GNU/Linux", with: "") ?? "\(root)/"
    }

    /// The command that runs this one here.
    func command(_ arguments: [String]) -> [String] { entrance + arguments }

    /// The same system, set up by the kit of a site for an engine.
    ///
    /// A tree shares only `/tmp` with the machine: the script is copied there, as the kit is.
    func with(kit: String, for engine: String, _ workspace: Workspace) throws -> Debian {
        let script = try workspace.folder.write(
            "with-kit.sh",
            try Tree.contents("\(Fixture.tests)/Clients/with-kit.sh")
        )
        return Debian(
            root: root,
            entrance: entrance + ["sh", script, workspace["systems"], kit, engine]
        )
    }

    func has(_ program: Program) -> Bool { program.isInstalled(below: root) }
}
