// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

@testable import Catalogue

/// A template of a user: if it is accepted, pages can be made from it, and no value becomes markup.
enum TemplateTarget {
    static func run(_ bytes: [UInt8]) {
        guard (try? Template(file: "template", bytes)) != nil else { return }
        // The length chooses the file, so that a seed is a file as it is.
        let names = TemplateSet.names
        let name = names[bytes.count % names.count]
        guard let set = try? TemplateSet(own: [name: bytes], folder: "own") else { return }
        for (page, schema) in Schema.pages {
            let plain = set.render(page, values(schema, "text"))
            let hostile = set.render(page, values(schema, "<b a=\"'&"))
            for mark in "<>\"'".utf8 {
                expect(
                    plain.count { $0 == mark } == hostile.count { $0 == mark },
                    "a value is markup in \(name)"
                )
            }
        }
    }

    /// A value for each name, and one row for each section.
    private static func values(_ schema: Schema, _ text: String) -> Values {
        var values: Values = [:]
        for name in schema.texts { values[name] = .text(text) }
        for (name, inner) in schema.sections { values[name] = .list([Self.values(inner, text)]) }
        return values
    }
}
