// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit

/// The front page's values about the site's client kit, for users who pull images.
struct ClientValues {
    private let kit: ClientKit?

    init(_ kit: ClientKit?) { self.kit = kit }

    var values: Values {
        guard let kit else { return ["hasKit": .flag(false), "clients": .list([])] }
        let certificate = kit.setups.flatMap(\.files).first(where: \.isCertificate)
        return [
            "hasKit": .flag(true), "isPlain": .flag(kit.address.isPlain),
            "clients": .list(kit.setups.map(Self.values)),
            "authority": .one(certificate.map { ["link": .text(Self.link($0))] }),
            "warning": .list(Self.paragraphs(kit.consequences).map { ["text": .text($0)] }),
        ]
    }

    /// Joins lines that were wrapped for a terminal into paragraphs, which a browser wraps itself.
    ///
    /// An indented line becomes a paragraph of its own.
    static func paragraphs(_ lines: [String]) -> [String] {
        var paragraphs: [String] = []
        var goesOn = false
        for line in lines {
            let isSetIn = line.hasPrefix(" ")
            if goesOn && !isSetIn {
                paragraphs[paragraphs.count - 1] += " " + line
            } else {
                paragraphs.append(String(line.drop { $0 == " " }))
            }
            goesOn = !isSetIn
        }
        return paragraphs
    }

    private static func link(_ file: KitFile) -> String {
        Markup.path("\(ClientKit.folder)/\(file.path)")
    }

    /// A client with many mirrors has one file for each mirror; the page shows only a few, because
    /// all are similar.
    private static let fileLimit = 3
    private static let textLimit = 1500

    private static func values(_ setup: ClientSetup) -> Values {
        let shown = setup.files.prefix(fileLimit)
        let rest = setup.files.count - shown.count
        return [
            "name": .text(setup.client.title),
            "files": .list(shown.map(values)),
            "moreFiles": .one(rest > 0 ? ["count": .text(Wording.count(rest, "more file"))] : nil),
            "commands": .list(setup.commands.map { ["text": .text($0)] }),
            "notes": .list(setup.notes.map { ["text": .text($0)] }),
        ]
    }

    private static func values(_ file: KitFile) -> Values {
        let text = file.isCertificate || file.text.utf8.count > textLimit ? "" : file.text
        return [
            "link": .text(link(file)), "path": .text("\(ClientKit.folder)/\(file.path)"),
            "targets": .text(file.targets.joined(separator: " and ")),
            "remark": .text(file.remark), "text": .text(text),
        ]
    }
}
