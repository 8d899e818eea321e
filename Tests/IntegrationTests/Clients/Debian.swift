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
        let script =
            "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            + "/Clients/enter.sh"
        self.init(root: tree, entrance: [script, tree])
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

    func has(_ program: Program) -> Bool { program.isInstalled(below: root) }
}
