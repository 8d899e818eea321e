// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Catalogue
import OCI
import SiteModel
import Site
import SiteTestSupport
import Store
import Foundation
import Testing

/// An image says what it likes; a page shows it, and nothing more.
@Suite struct HostileTests {
    private static let script =
        #"</code><script>alert(1)</script><img src=x onerror="alert(2)">'{{title}}"#

    private static func texts(_ text: String) -> [JSON.Member] {
        let words = JSON.array([.string(text)])
        let named = JSON.object([JSON.Member(text, .object([]))])
        let labels = ["title", "description", "source", "url", "licenses", "version"]
            .map { JSON.Member("org.opencontainers.image.\($0)", .string(text)) }
        let step = JSON.object(["created_by": .string(text), "comment": .string(text)])
        return [
            // A wrong "created" would refuse the image, because no client can decode it.
            JSON.Member("history", .array([step, step])),
            JSON.Member(
                "config",
                .object([
                    "Env": .array([.string("\(text)=\(text)")]), "Entrypoint": words, "Cmd": words,
                    "User": .string(text), "WorkingDir": .string(text), "StopSignal": .string(text),
                    "ExposedPorts": named, "Volumes": named,
                    "Labels": .object([JSON.Member(text, .string(text))] + labels),
                ])
            ),
        ]
    }

    @Test func markupStaysText() throws {
        let drawn = try Drawn(config: Self.texts(Self.script))
        for page in [try drawn.front, try drawn.page("catalogue/app/_.html")] {
            let scripts = page.split(separator: "<script").dropFirst()
            #expect(scripts.count == 1)
            #expect(scripts.first?.hasPrefix(" src=\"") == true)
            #expect(!page.contains("<img"))
            #expect(!page.contains("onerror=\""))
        }
        let page = try drawn.page("catalogue/app/_.html")
        #expect(page.contains("&lt;script&gt;alert(1)"))
        // A value is no template.
        #expect(page.contains("{{title}}"))
    }

    @Test func linksAreWebAddresses() throws {
        let drawn = try Drawn(config: Self.texts("javascript:alert(1)"))
        let page = try drawn.page("catalogue/app/_.html")
        #expect(page.contains("javascript:alert(1)"))
        #expect(!page.contains("href=\"javascript"))
        let good = try Drawn(config: Self.texts("https://example.org/x"))
            .page("catalogue/app/_.html")
        #expect(good.contains(#"<a href="https://example.org/x" rel="noopener noreferrer">"#))
    }

    @Test func endlessTextsMakeNoEndlessPage() throws {
        let long = String(repeating: "x", count: 60_000)
        let drawn = try Drawn(config: Self.texts(long))
        let page = try drawn.page("catalogue/app/_.html")
        #expect(page.utf8.count < 250_000)
        #expect(page.contains("more bytes)"))
        let many = (0..<20_000).map { JSON.string("A\($0)=1") }
        let crowded = try Drawn(config: [JSON.Member("config", .object(["Env": .array(many)]))])
        #expect(try crowded.page("catalogue/app/_.html").contains("And 19,900 more."))
    }

    /// A history that isn't this image's says nothing of its layers.
    @Test func historyHasToFit() throws {
        let step = JSON.object(["created_by": .string("RUN something")])
        let page = try Drawn(config: [JSON.Member("history", .array([step]))])
            .page("catalogue/app/_.html")
        #expect(!page.contains("RUN something"))
        #expect(page.contains("not recorded"))
    }

    @Test func layersHaveTheStepsThatMadeThem() throws {
        let steps: [JSON] = [
            .object(["created_by": .string("/bin/sh -c #(nop) ADD file:abc in /")]),
            .object(["created_by": .string("ENV A=1"), "empty_layer": .bool(true)]),
            .object(["created_by": .string("/bin/sh -c apk add curl")]),
        ]
        let page = try Drawn(config: [JSON.Member("history", .array(steps))])
            .page("catalogue/app/_.html")
        let positions = ["ADD file:abc in /", "ENV A=1", "RUN apk add curl"]
            .map { page.range(of: $0)?.lowerBound }
        #expect(!positions.contains(nil))
        #expect(positions.compactMap(\.self) == positions.compactMap(\.self).sorted())
        #expect(!page.contains("nop"))
    }
}
