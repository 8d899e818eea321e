// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Testing

@Suite struct MemberPathTests {
    @Test(arguments: [
        ("a", "a"), ("a/b", "a/b"), ("./a", "a"), ("././a/./b/.", "a/b"), ("a//b", "a/b"),
        ("a/", "a"), ("a/../b", "b"), ("a/b/../../c", "c"), ("...", "..."), ("..a", "..a"),
        ("a/..b", "a/..b"), (" ", " "), ("a\\..\\b", "a\\..\\b"), ("é", "é"), ("~/a", "~/a"),
    ])
    func normalises(_ text: String, _ path: String) {
        #expect(MemberPath(text)?.description == path)
    }

    @Test(arguments: [
        "", ".", "./", "./.", "..", "../a", "a/../..", "a/../../b", "/", "/a", "//a", "/..", "a/..",
        "a\u{0}b",
    ])
    func refuses(_ text: String) { #expect(MemberPath(text) == nil) }

    /// A slash with an accent is still a slash to the kernel.
    @Test(arguments: ["/\u{301}a", "../\u{301}a", "a/../../\u{301}b", "..\u{2f}\u{20dd}"])
    func refusesASlashThatCarriesAMark(_ text: String) {
        #expect(MemberPath(text) == nil)
    }

    @Test func lengthIsBounded() {
        #expect(MemberPath(String(repeating: "a", count: 4096)) != nil)
        #expect(MemberPath(String(repeating: "a", count: 4097)) == nil)
        #expect(MemberPath(String(repeating: "./", count: 5000) + "a")?.description == "a")
    }

    @Test(arguments: [
        ("a/b", "c", "a/c"), ("a/b", "./c", "a/c"), ("a/b", "../c", "c"), ("b", "c/d", "c/d"),
        ("a/b/c", "../../d", "d"), ("a/b", "/c/d", "c/d"), ("a/b", "../a/x", "a/x"),
    ])
    func followsLinks(_ path: String, _ target: String, _ end: String) {
        #expect(MemberPath(path)?.following(symbolicLink: target)?.description == end)
    }

    @Test(arguments: [
        ("a", ".."), ("a", "../b"), ("a/b", "../../c"), ("a/b", "/.."), ("a/b", "/../c"), ("a", ""),
        ("a/b", ".."), ("a", "/"),
    ])
    func linksDoNotLeave(_ path: String, _ target: String) {
        #expect(MemberPath(path)?.following(symbolicLink: target) == nil)
    }

    @Test func dropsAWrappingFolder() {
        #expect(MemberPath("a/b/c")?.dropping(["a"])?.description == "b/c")
        #expect(MemberPath("a/b")?.dropping(["b"]) == nil)
        #expect(MemberPath("ab/c")?.dropping(["a"]) == nil)
        #expect(MemberPath("a")?.dropping(["a"]) == nil)
    }

    @Test(arguments: [
        ("a/b", false), ("a/..b", false), ("/a", true), ("a/../b", true), ("..", true),
        ("a/..", true),
    ])
    func tellsWhoTriesToLeave(_ text: String, _ leaves: Bool) {
        #expect(MemberPath.leavesRoot(text) == leaves)
    }
}
