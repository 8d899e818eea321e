// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

@Suite struct RepositoryNameTests {
    @Test(arguments: [
        "a", "0", "nginx", "library/nginx", "a/b/c/d/e/f", "a-b", "a--b", "a---------b", "a_b",
        "a__b", "a.b", "a.b-c_d__e", "0/1", "xn--n3h", "a/tags/list", "v2",
        String(repeating: "a", count: 255), "\(String(repeating: "a/", count: 127))a",
    ])
    func accepts(_ text: String) { #expect(RepositoryName(text)?.description == text) }

    @Test(arguments: [
        "", "/", "a/", "/a", "a//b", "A", "aB", "a/B", "-a", "a-", "_a", "a_", ".a", "a.", "a..b",
        "a___b", "a._b", "a_-b", "a-.b", "a__-b", "a/-b", "a/.", "..", ".", "a/../b", "a/./b",
        "a b",
        "a:b", "a@b", "a\\b", "a%2fb", "é", "a\u{301}", "a\n", "a\u{0}", "a/\u{301}b", "ａ", "a+b",
        "a~b", String(repeating: "a", count: 256), "\(String(repeating: "a/", count: 128))a",
    ])
    func refuses(_ text: String) { #expect(RepositoryName(text) == nil) }

    @Test func orderIsBytewise() {
        let names = ["a-b", "a/b", "a", "b", "a0", "a.b", "a_b"].compactMap(RepositoryName.init)
        #expect(
            names.sorted().map(\.description) == ["a", "a-b", "a.b", "a/b", "a0", "a_b", "b"]
        )
    }

    @Test func components() {
        #expect(RepositoryName("a/b-c/d")?.components == ["a", "b-c", "d"])
    }
}

@Suite struct TagTests {
    @Test(arguments: [
        "a", "A", "0", "_", "__", "latest", "1.0", "v1.0-rc.1_x", "1.0.html", "a.", "a-", "a..b",
        String(repeating: "t", count: 128),
    ])
    func accepts(_ text: String) { #expect(Tag(text)?.description == text) }

    @Test(arguments: [
        "", ".", "..", "-", ".a", "-a", "a b", "a:b", "a/b", "a@b", "a+b", "é", "a\u{301}", "a\n",
        "a\u{0}", "sha256:abc", "a\\b", "~", String(repeating: "t", count: 129),
    ])
    func refuses(_ text: String) { #expect(Tag(text) == nil) }

    @Test func orderIsBytewise() {
        let tags = ["b", "a", "B", "_", "10", "9", "a.1"].compactMap(Tag.init)
        #expect(tags.sorted().map(\.description) == ["10", "9", "B", "_", "a", "a.1", "b"])
        #expect(Tag.latest?.description == "latest")
    }
}
