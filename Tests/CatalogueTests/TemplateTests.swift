// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import Store
import Testing

@testable import Catalogue

/// The language of templates, and what is said of mistakes in it.
@Suite struct TemplateTests {
    private static func render(_ text: String, _ partial: String = "") throws -> String {
        let files = ["repository.html": Array(text.utf8), "image.html": Array(partial.utf8)]
        let templates = try TemplateSet(own: files, folder: "t")
        let values: Values = [
            "name": .text(#"<b> & "c" 'd'"#), "alias": .text(""), "isPaged": .flag(true),
            "isFirst": .flag(false),
            "allTags": .list([["tag": .text("1")], ["tag": .text("2")]]),
        ]
        return String(decoding: templates.render("repository.html", values), as: UTF8.self)
    }

    @Test(arguments: [
        ("{{name}}", "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"),
        ("a{{ title }}b", "ab"),
        ("{{#allTags}}<{{tag}}>{{/allTags}}", "<1><2>"),
        ("{{#isPaged}}yes{{/isPaged}}{{^isPaged}}no{{/isPaged}}", "yes"),
        ("{{#isFirst}}yes{{/isFirst}}{{^isFirst}}no{{/isFirst}}", "no"),
        ("{{#alias}}yes{{/alias}}{{^alias}}no{{/alias}}", "no"),
        ("{{! nothing }}x", "x"),
        ("a\n  {{#isPaged}}\nb\n  {{/isPaged}}\nc\n", "a\nb\nc\n"),
        (
            "{{#allTags}}{{name}}{{/allTags}}",
            String(repeating: "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;", count: 2)
        ),
        ("{ {} }", "{ {} }"), ("", ""),
    ])
    func rendering(_ template: String, _ expected: String) throws {
        #expect(try Self.render(template) == expected)
    }

    @Test func partialsSeeTheValuesAroundThem() throws {
        #expect(try Self.render("{{#allTags}}{{> image}}{{/allTags}}", "[{{tag}}]") == "[1][2]")
    }

    private static func problem(_ text: String, _ partial: String = "") -> TemplateError? {
        do throws(TemplateError) {
            let files = ["repository.html": Array(text.utf8), "image.html": Array(partial.utf8)]
            _ = try TemplateSet(own: files, folder: "t")
            return nil
        } catch { return error }
    }

    @Test func mistakesHaveFileAndLine() throws {
        let cases: [(String, Int, TemplateError.Problem)] = [
            ("a\nb {{name", 2, .unclosedTag), ("{{#images}}\n\n", 1, .unclosedSection("images")),
            ("\n\n{{/images}}", 3, .wrongEnd("images", open: nil)),
            ("{{#images}}\n{{/allTags}}", 2, .wrongEnd("allTags", open: "images")),
            ("\n{{{name}}}", 2, .unsupported("{{{")), ("{{&name}}", 1, .unsupported("{{&")),
            ("{{=<% %>=}}", 1, .unsupported("{{=")), ("\n{{> no}}", 2, .unknownPartial("no")),
        ]
        for (text, line, problem) in cases {
            let error = try #require(Self.problem(text), "\(text)")
            #expect(error.problem == problem, "\(text)")
            #expect(error.file == "t/repository.html")
            #expect(error.line == line, "\(text)")
        }
    }

    /// Checking and rendering are recursive: without a limit, a file that a site keeps ends the program.
    @Test func sectionsHaveALimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#host}}", count: depth)
                + String(repeating: "{{/host}}", count: depth)
        }
        let limit = TemplateError.depthLimit
        #expect(Self.problem(nested(limit)) == nil)
        #expect(Self.problem("\n" + nested(limit + 1))?.problem == .tooDeep(limit: limit))
        #expect(Self.problem(nested(50_000))?.line == 1)
    }

    @Test func whatMeansNothingIsSaidWithWhatDoes() throws {
        let error = try #require(Self.problem("x\n{{#images}}\n{{colour}}{{/images}}"))
        guard case .unknownName("colour", let known) = error.problem else {
            Issue.record("\(error)")
            return
        }
        #expect(error.line == 3)
        #expect(known.contains("digest") && known.contains("title"))
        // A name of a section means nothing outside.
        #expect(Self.problem("{{digest}}") != nil)
    }

    @Test func aPartialThatLeadsBackIsFound() throws {
        let error = try #require(Self.problem("{{> image}}", "\n{{> image}}"))
        #expect(error.problem == .circle("image"))
        #expect(error.file == "t/image.html")
        #expect(error.line == 2)
    }

    @Test func onlyFilesOfATemplateAreTaken() {
        #expect(throws: TemplateError.self) {
            try TemplateSet(own: ["fornt.html": []], folder: "t")
        }
        #expect(throws: TemplateError.self) {
            try TemplateSet(own: ["style.css": [0xff, 0xfe]], folder: "t")
        }
    }

    /// The built-in texts themselves.
    @Test func builtInTemplateIsSound() throws {
        #expect(TemplateSet().own.isEmpty)
        let own = try TemplateSet(own: ["style.css": Array("p {}".utf8)], folder: "t")
        #expect(own.digest != TemplateSet().digest)
    }

    @Test func everyNameIsDocumented() throws {
        let path = "\(Fixture.repository)/site-template/README.md"
        let text = try #require(try FileReader(path)?.contents(limit: 1 << 20))
        let words = Set(String(decoding: text, as: UTF8.self).split(separator: "`"))
        var waiting = Array(Schema.pages.values)
        while let schema = waiting.popLast() {
            for name in schema.texts.union(schema.sections.keys) {
                #expect(words.contains(name[...]), "\(name)")
            }
            waiting += schema.sections.values
        }
    }
}
