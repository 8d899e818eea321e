// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A text with placeholders, in a safe subset of mustache.
///
/// It has names, sections, inverted sections, partials and comments, and escapes every value.
///
/// <https://mustache.github.io/mustache.5.html>
struct Template: Sendable {
    indirect enum Node: Sendable {
        case text([UInt8])
        case name(String, line: Int)
        case section(String, isInverted: Bool, line: Int, [Node])
        case partial(String, line: Int)
    }

    let file: String
    let nodes: [Node]

    init(file: String, _ bytes: [UInt8]) throws(TemplateError) {
        self.file = file
        var parser = TemplateParser(file: file, bytes)
        nodes = try parser.parse()
    }
}

/// A parser that reads a template from its first byte to its last.
private struct TemplateParser {
    private let file: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// The open sections with their nodes so far; the first one is the template itself.
    private var open: [(name: String?, isInverted: Bool, line: Int, nodes: [Template.Node])] = [
        (nil, false, 1, [])
    ]

    init(file: String, _ bytes: [UInt8]) {
        (self.file, self.bytes) = (file, bytes)
    }

    mutating func parse() throws(TemplateError) -> [Template.Node] {
        while position < bytes.count {
            guard let start = find("{{", from: position) else {
                add(.text(Array(bytes[position...])))
                break
            }
            guard let end = find("}}", from: start + 2) else {
                line += count(of: position..<start)
                throw TemplateError(file, line: line, problem: .unclosedTag)
            }
            try take(tag: start..<(end + 2))
        }
        if let section = open.last, let name = section.name {
            throw TemplateError(file, line: section.line, problem: .unclosedSection(name))
        }
        return open[0].nodes
    }

    /// Adds the text before a tag, then the tag.
    private mutating func take(tag range: Range<Int>) throws(TemplateError) {
        let content = String(
            decoding: bytes[(range.lowerBound + 2)..<(range.upperBound - 2)],
            as: UTF8.self
        )
        let sigil = content.first.flatMap { "#^/!>{&=".contains($0) ? $0 : nil }
        let name = String(content.dropFirst(sigil == nil ? 0 : 1)).trimmed
        // If a line holds only a tag with a sigil, the output omits the whole line.
        let alone = sigil == nil ? nil : lineAround(range)
        add(.text(Array(bytes[position..<(alone ?? range).lowerBound])))
        line += count(of: position..<range.lowerBound)
        try add(sigil, name)
        line += count(of: range.lowerBound..<(alone ?? range).upperBound)
        position = (alone ?? range).upperBound
    }

    private mutating func add(_ sigil: Character?, _ name: String) throws(TemplateError) {
        switch sigil {
        case nil: add(.name(name, line: line))
        case "!": break
        case ">": add(.partial(name, line: line))
        case "#", "^":
            let limit = TemplateError.depthLimit
            guard open.count <= limit else {
                throw TemplateError(file, line: line, problem: .tooDeep(limit: limit))
            }
            open.append((name, sigil == "^", line, []))
        case "/":
            guard let section = open.last, section.name == name else {
                throw TemplateError(
                    file,
                    line: line,
                    problem: .wrongEnd(name, open: open.last?.name)
                )
            }
            open.removeLast()
            add(.section(name, isInverted: section.isInverted, line: section.line, section.nodes))
        default:
            throw TemplateError(
                file,
                line: line,
                problem: .unsupported("{{\(sigil.map(String.init) ?? "")")
            )
        }
    }

    private mutating func add(_ node: Template.Node) {
        if case .text(let bytes) = node, bytes.isEmpty { return }
        open[open.count - 1].nodes.append(node)
    }

    /// Returns a tag's whole line with its newline if only white space surrounds the tag.
    private func lineAround(_ tag: Range<Int>) -> Range<Int>? {
        var (start, end) = (tag.lowerBound, tag.upperBound)
        while start > position, Self.isBlank(bytes[start - 1]) { start -= 1 }
        guard start == 0 || bytes[start - 1] == Self.newline else { return nil }
        while end < bytes.count, Self.isBlank(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == Self.newline else { return nil }
        return start..<(end + 1)
    }

    private func find(_ pair: StaticString, from start: Int) -> Int? {
        let byte = pair.description.utf8.first ?? 0
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == byte, bytes[index + 1] == byte { return index }
            index += 1
        }
        return nil
    }

    private func count(of range: Range<Int>) -> Int { bytes[range].count { $0 == Self.newline } }

    private static let newline = UInt8(ascii: "\n")

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}

extension String {
    /// The text without leading and trailing white space.
    var trimmed: String {
        let rest = drop { $0.isWhitespace }
        return String(
            rest[
                ..<(rest.lastIndex { !$0.isWhitespace }.map(rest.index(after:)) ?? rest.startIndex)
            ]
        )
    }
}
