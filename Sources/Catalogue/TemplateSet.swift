// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import SiteTemplate

/// The templates of the pages: the built-in files, some of them replaced by the user's own.
package struct TemplateSet: Sendable {
    /// The user's own files, unchanged.
    package let own: [String: [UInt8]]
    private let templates: [String: Template]
    let style: [UInt8]
    let script: [UInt8]
    /// A digest of the contents of all files.
    let digest: Digest

    /// The folder in which a site keeps its own template.
    package static let folder = PagePlan.templateFolder
    package static let names = SiteTemplate.files.map(\.name)

    /// Creates the built-in templates.
    package init() { self = TemplateSet.builtIn }

    private static let builtIn: TemplateSet = {
        do { return try TemplateSet(own: [:], folder: "site-template") } catch {
            preconditionFailure("the built-in template: \(error)")
        }
    }()

    /// Replaces built-in files with the user's files of the same names; `folder` is used in error
    /// messages.
    ///
    /// This initializer checks all templates, so that rendering a page can't fail.
    package init(own: [String: [UInt8]], folder: String) throws(TemplateError) {
        self.own = own
        for name in own.keys.sorted() where !Self.names.contains(name) {
            throw TemplateError(
                "\(folder)/\(name)",
                line: nil,
                problem: .unknownFile(known: Self.names)
            )
        }
        var texts: [String: [UInt8]] = [:]
        for (name, bytes) in SiteTemplate.files { texts[name] = own[name] ?? bytes }
        var templates: [String: Template] = [:]
        for (name, bytes) in texts.sorted(by: { $0.key < $1.key }) {
            let file = "\(folder)/\(name)"
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw TemplateError(file, line: nil, problem: .notText)
            }
            guard name.hasSuffix(".html") else { continue }
            templates[name] = try Template(file: file, bytes)
        }
        (self.templates, style) = (templates, texts["style.css"] ?? [])
        script = texts["script.js"] ?? []
        digest = Digest(
            of: texts.sorted { $0.key < $1.key }.flatMap { $0.key.utf8 + [0] + $0.value + [0] }
        )
        for (name, schema) in Schema.pages {
            guard let page = templates[name] else { continue }
            try check(page.nodes, of: page, [schema], inside: [name])
        }
    }

    private func partial(_ name: String) -> Template? { templates["\(name).html"] }

    // MARK: Checking

    private func check(
        _ nodes: [Template.Node],
        of template: Template,
        _ scopes: [Schema],
        inside: [String]
    ) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .text: break
            case .name(let name, let line):
                guard scopes.contains(where: { $0.texts.contains(name) }) else {
                    throw unknown(name, in: template, line: line, scopes: scopes)
                }
            case .section(let name, let isInverted, let line, let nodes):
                guard let inner = scopes.reversed().lazy.compactMap({ $0[name] }).first else {
                    throw unknown(name, in: template, line: line, scopes: scopes)
                }
                try check(
                    nodes,
                    of: template,
                    isInverted ? scopes : scopes + [inner],
                    inside: inside
                )
            case .partial(let name, let line):
                guard let partial = partial(name) else {
                    throw TemplateError(template.file, line: line, problem: .unknownPartial(name))
                }
                guard !inside.contains(name) else {
                    throw TemplateError(template.file, line: line, problem: .circle(name))
                }
                try check(partial.nodes, of: partial, scopes, inside: inside + [name])
            }
        }
    }

    private func unknown(
        _ name: String,
        in template: Template,
        line: Int,
        scopes: [Schema]
    ) -> TemplateError {
        let known = Set(scopes.flatMap { $0.texts.union($0.sections.keys) }).sorted()
        return TemplateError(template.file, line: line, problem: .unknownName(name, known: known))
    }

    // MARK: Rendering

    /// Renders a page from the template `name` and these values.
    func render(_ name: String, _ values: Values) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(1 << 14)
        guard let template = templates[name] else { return [] }
        render(template.nodes, [values], to: &output)
        return output
    }

    private func render(_ nodes: [Template.Node], _ scopes: [Values], to output: inout [UInt8]) {
        for node in nodes {
            switch node {
            case .text(let bytes): output += bytes
            case .name(let name, _):
                if case .text(let text) = Self.find(name, scopes) {
                    Markup.escape(text, to: &output)
                }
            case .section(let name, let isInverted, _, let nodes):
                let value = Self.find(name, scopes)
                if isInverted {
                    if !value.isTrue { render(nodes, scopes, to: &output) }
                } else if case .list(let items) = value {
                    for item in items { render(nodes, scopes + [item], to: &output) }
                } else if value.isTrue {
                    render(nodes, scopes, to: &output)
                }
            case .partial(let name, _):
                if let partial = partial(name) { render(partial.nodes, scopes, to: &output) }
            }
        }
    }

    private static func find(_ name: String, _ scopes: [Values]) -> Value {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return .text("")
    }
}

/// The values of a template's names.
typealias Values = [String: Value]

enum Value: Sendable {
    case text(String)
    case flag(Bool)
    case list([Values])

    fileprivate var isTrue: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .flag(let flag): flag
        case .list(let items): !items.isEmpty
        }
    }

    static func count(_ number: Int) -> Value { .text(String(number)) }

    /// A section that is rendered once, or not at all if `values` is nil.
    static func one(_ values: Values?) -> Value { .list(values.map { [$0] } ?? []) }
}
