// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

/// A program, or a family of programs with the same configuration, that pulls images.
package enum Client: String, CaseIterable, Sendable {
    case docker, containerd, podman, k3s, rke2, system

    package var title: String {
        switch self {
        case .docker: "Docker"
        case .containerd: "containerd, Kubernetes with containerd"
        case .podman: "podman, buildah, skopeo, CRI-O"
        case .k3s: "k3s"
        case .rke2: "RKE2"
        case .system: "Other programs on the machine: crane, oras, helm, curl"
        }
    }
}

/// The setup of one client: its files, commands and notes.
package struct ClientSetup: Sendable {
    package let client: Client
    package let files: [KitFile]
    /// The commands that the user must run as root after installing the files.
    package let commands: [String]
    package let notes: [String]

    init(_ client: Client, _ files: [KitFile], commands: [String] = [], notes: [String] = []) {
        self.client = client
        self.files = files
        self.commands = commands
        self.notes = notes
    }

    /// Renders the instructions for a user: the files with their targets, and the commands.
    ///
    /// If the user has no kit, `certificate` is the path of the CA's certificate.
    package func lines(withContents: Bool, certificate: String? = nil) -> [String] {
        var lines = [client.title]
        for file in files {
            for target in file.targets {
                let path = file.isCertificate ? certificate ?? file.path : file.path
                lines += ["  \(path)", "    goes to \(target)\(file.remark)"]
            }
            guard withContents, !file.isCertificate else { continue }
            lines += file.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .map { $0.isEmpty ? "" : "      \($0)" }
        }
        if files.isEmpty { lines.append("  needs no file") }
        lines += commands.map { "  then: \($0)" }
        return lines + notes.map { "  \($0)" }
    }
}

/// A file of the kit, and its targets on the client's machine.
package struct KitFile: Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// A file that only regstatic writes.
        case own
        /// A file that has all settings of a client, not only those by regstatic. If the client
        /// already has this file, the user must add the new settings to it.
        case shared
        case certificate
    }

    /// The path below `clients/`, without a colon, because some media don't allow a colon in file
    /// names.
    package let path: String
    /// The absolute paths on the client's machine; several if the client reads the file in several
    /// places.
    package let targets: [String]
    package let text: String
    package let kind: Kind

    init(_ path: String, for targets: [String], text: String, kind: Kind = .own) {
        self.path = path
        self.targets = targets
        self.text = text
        self.kind = kind
    }

    package var isCertificate: Bool { kind == .certificate }

    package var remark: String {
        kind == .shared ? "; if that file already exists, add these settings to it" : ""
    }

    /// The first line of every file that can have comments; the installer recognizes regstatic's
    /// files by this line.
    static func mark(_ text: String) -> String { "# regstatic: \(text)\n" }
}
