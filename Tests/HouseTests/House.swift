// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

/// The package's own source files.
enum House {
    /// This file's third folder upwards: the package.
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    struct File: CustomTestStringConvertible {
        /// Relative to the package.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// The module that it belongs to: the folder below `Sources`.
        var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var testDescription: String { path }
    }

    /// The text files below a folder whose names end so, sorted by path.
    static func files(_ folder: String, _ suffixes: String...) throws -> [File] {
        try Tree.snapshot("\(root)/\(folder)")
            .compactMap { path, entry in
                guard case .file(let bytes, _) = entry, suffixes.contains(where: path.hasSuffix)
                else {
                    return nil
                }
                return File(path: "\(folder)/\(path)", text: String(decoding: bytes, as: UTF8.self))
            }
            .sorted { $0.path < $1.path }
    }

    static let sources = Result { try files("Sources", ".swift") }
    static let swift = Result {
        try ["Sources", "Tests", "Fuzz", "nginx", "servers", "site-template"]
            .flatMap { try files($0, ".swift") }
    }
}

/// A function, initialiser or computed property, and its length.
struct Function {
    let place: String
    /// Lines from its name to its closing brace.
    let lines: Int
}

extension House.File {
    /// The functions of a file that `swift format` has laid out: a body ends with a brace in the
    /// column in which its declaration begins.
    var functions: [Function] {
        let lines = lines
        return lines.indices.compactMap { start in
            guard Self.declaresFunction(lines[start]),
                let end = Self.end(ofDeclarationAt: start, in: lines)
            else { return nil }
            return Function(place: "\(path):\(start + 1)", lines: end - start + 1)
        }
    }

    private static let modifiers: Set<Substring> = [
        "package", "public", "private", "fileprivate", "internal", "static", "mutating",
        "consuming", "convenience", "override", "final", "nonisolated", "@Test",
        "@discardableResult",
    ]

    private static func declaresFunction(_ line: Substring) -> Bool {
        let words = line.split(separator: " ").drop { modifiers.contains($0) }
        guard let word = words.first else { return false }
        return word == "func" || word == "deinit"
            || ["init(", "init?(", "init<", "subscript("].contains(where: word.hasPrefix)
            || word == "var" && line.hasSuffix("{")
    }

    /// Nil for what has no body: a protocol's requirement.
    private static func end(ofDeclarationAt start: Int, in lines: [Substring]) -> Int? {
        let indent = lines[start].prefix { $0 == " " }
        guard let opening = opening(ofDeclarationAt: start, in: lines) else { return nil }
        if lines[opening].hasSuffix("}") { return opening }
        return lines[(opening + 1)...].firstIndex { $0 == indent + "}" }
    }

    private static func opening(ofDeclarationAt start: Int, in lines: [Substring]) -> Int? {
        let indent = lines[start].prefix { $0 == " " }.count
        for index in start..<lines.count {
            let line = lines[index]
            let text = line.drop { $0 == " " }
            let goesOn = line.count - text.count > indent || [")", "{"].contains(text.prefix(1))
            guard index == start || goesOn else { return nil }
            if line.hasSuffix("{") || line.contains("{") && line.hasSuffix("}") { return index }
        }
        return nil
    }
}
