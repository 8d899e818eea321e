// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
internal import OCI

/// The report of a client kit.
struct ClientsReport {
    private let kit: ClientKit
    private let clients: [Client]
    private let site: String

    init(_ kit: ClientKit, _ clients: [Client], site: String) {
        self.kit = kit
        self.clients = clients
        self.site = site
    }

    func print(_ console: Console) {
        let setups = clients.map(kit.setup)
        let blocks = setups.map { setup in
            let lines = setup.lines(withContents: true)
            return ([console.styled(lines[0], .bold)] + lines.dropFirst()).joined(separator: "\n")
        }
        console.out(blocks.joined(separator: "\n\n"))
        if !kit.consequences.isEmpty {
            console.say(
                console.styled((["", ""] + kit.consequences).joined(separator: "\n"), .yellow)
            )
        }
        console.say(
            """

            The files are in \(site)/\(ClientKit.folder). On each machine that pulls, run as root:
              sh \(ClientKit.folder)/install.sh
            """
        )
    }

    var json: JSON {
        .object([
            "address": .string(kit.address.url),
            "registry": .string(kit.address.host.description),
            "folder": .string("\(site)/\(ClientKit.folder)"),
            "clients": .array(clients.map { Self.json(kit.setup($0)) }),
        ])
    }

    private static func json(_ setup: ClientSetup) -> JSON {
        .object([
            "client": .string(setup.client.rawValue),
            "files": .array(
                setup.files.map { file in
                    .object([
                        "path": .string(file.path),
                        "targets": .array(file.targets.map(JSON.string)),
                        "shared": .bool(file.kind == .shared),
                        "content": .string(file.text),
                    ])
                }
            ),
            "commands": .array(setup.commands.map(JSON.string)),
            "notes": .array(setup.notes.map(JSON.string)),
        ])
    }
}
