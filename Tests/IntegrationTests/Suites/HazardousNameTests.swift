// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

// Names that a server could take for something else: pages, scripts, encodings, its own paths.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl), .servingHazards)
    struct HazardousNameTests {
        static let names = [
            ("zoo/tool", "1.0.html"), ("zoo/tool", "1.gz"), ("zoo/tool", "x.php"),
            ("zoo/tool", "index.html"), ("zoo/tool", "V1"), ("zoo/tool", "v1"),
            ("zoo/tool", "dot."), ("zoo/tool", "_"), ("zoo/tool", "tags"),
            ("zoo/tool", String(repeating: "x", count: 128)),
            ("zoo/tool", "sha256-\(String(repeating: "0", count: 64)).sig"),
            ("a/manifests/b", "1"), ("blobs/c", "1"), ("tags/list", "1"), ("d/referrers", "1"),
            ("manifests", "1"), ("regstatic-manifest", "1"), ("e.f/g__h/i--j", "1"),
        ]

        @Test(arguments: names)
        func imageIsServed(_ name: String, _ tag: String) throws {
            let client = try ServedSite.required().client
            try Registry(client).fetchAll(name, tag)
            let list = try client.get("/v2/\(name)/tags/list")
            #expect(list.status == 200)
            #expect(list["content-type"] == "application/json")
            #expect(list.text.contains("\"\(tag)\""))
        }

        /// A list may have "tags" twice, for nginx takes V1 for v1 here; readers take the second.
        @Test(arguments: names.filter { $0.0 == "zoo/tool" }.map(\.1))
        func listGoesOnAfterATag(_ last: String) throws {
            let client = try ServedSite.required().client
            let path = "/v2/zoo/tool/tags/list"
            let all = try tags(client.get(path))
            let rest = try #require(all.split(separator: "\"\(last)\"", maxSplits: 1).last)
            let isAsked = last == last.lowercased()
            let after = try tags(client.get("\(path)?last=\(last)"))
            #expect(after == (isAsked ? "[" + rest.drop { $0 == "," } : all))
        }

        private func tags(_ list: Response) throws -> String {
            String(try #require(list.text.split(separator: "\"tags\":").last))
        }
    }
}

extension Trait where Self == ServingTrait {
    /// One image under many names.
    fileprivate static var servingHazards: Self {
        ServingTrait { workspace in
            for (name, tag) in Integration.HazardousNameTests.names {
                try workspace.build([Fixture.docker20ByID], "--name", "\(name):\(tag)")
            }
        }
    }
}
