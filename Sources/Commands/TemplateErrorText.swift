// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Catalogue

extension ErrorText {
    /// Explains an error in a template of the pages.
    init(_ error: TemplateError) {
        let place = error.file + (error.line.map { ":\($0)" } ?? "")
        func known(_ names: [String]) -> String { "Known here: \(names.joined(separator: ", "))." }
        switch error.problem {
        case .unclosedTag:
            self.init(
                "\(place): {{ has no matching }}",
                remedy: "Close the tag with }}."
            )
        case .unclosedSection(let name):
            self.init(
                "\(place): the section {{#\(name)}} has no end",
                remedy: "Close it: {{/\(name)}}."
            )
        case .wrongEnd(let name, let open):
            self.init(
                "\(place): {{/\(name)}} closes a section that is not open",
                remedy: open.map { "Close {{/\($0)}} first." }
            )
        case .tooDeep(let limit):
            self.init(
                "\(place): sections are nested more than \(limit) deep",
                remedy: "Close sections earlier."
            )
        case .unsupported(let tag):
            self.init(
                "\(place): \(tag) is not supported",
                remedy: "Write {{name}}; its value is always escaped."
            )
        case .unknownName(let name, let names):
            self.init("\(place): {{\(name)}} is unknown here", remedy: known(names))
        case .unknownPartial(let name):
            self.init(
                "\(place): there is no \(name).html for {{>\(name)}}",
                remedy: known(TemplateSet.names.filter { $0.hasSuffix(".html") })
            )
        case .circle(let name):
            self.init(
                "\(place): {{>\(name)}} includes itself",
                remedy: "Remove this tag from that file."
            )
        case .unknownFile(let names):
            self.init("\(place) is not a file of a template", remedy: known(names))
        case .notText: self.init("\(place) is not text in UTF-8", remedy: "Save it as UTF-8.")
        case .notAFile(let limit):
            self.init(
                "\(place) is not a file, or larger than \(HumanText.size(limit))",
                remedy:
                    "A template is a folder of files: \(TemplateSet.names.joined(separator: ", "))."
            )
        }
    }
}
