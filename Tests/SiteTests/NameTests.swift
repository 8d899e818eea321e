// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import Inputs
import Testing

/// How names in archives become names in a site.
@Suite struct NameTests {
    private func reference(_ text: String) throws -> ImageName {
        .reference(try #require(Reference(text)))
    }

    private func placed(_ text: String, _ policy: NamePolicy) throws -> String {
        let (repository, tag) = try policy.place(try reference(text))
        return "\(repository?.description ?? "-"):\(tag?.description ?? "-")"
    }

    @Test(arguments: [
        ("nginx:1", "nginx:1"), ("docker.io/library/nginx:1", "nginx:1"),
        ("index.docker.io/nginx:1", "nginx:1"), ("zoo/hello:1", "zoo/hello:1"),
        ("registry.corp:5000/team/app:1.0", "team/app:1.0"),
        ("localhost/zoo/hello:1", "zoo/hello:1"),
        ("ghcr.io/acme/tool:1.0.html", "acme/tool:1.0.html"),
        ("ghcr.io/acme/library/tool:1", "acme/library/tool:1"),
        ("ghcr.io/acme/tool", "acme/tool:-"),
    ])
    func hostIsStripped(_ name: String, _ expected: String) throws {
        #expect(try placed(name, NamePolicy()) == expected)
    }

    @Test(arguments: [
        ("nginx:1", "docker.io/library/nginx:1"), ("ghcr.io/acme/tool:1", "ghcr.io/acme/tool:1"),
        // A colon may not stand in a name.
        ("registry.corp:5000/team/app:1.0", "registry.corp_5000/team/app:1.0"),
    ])
    func hostIsKept(_ name: String, _ expected: String) throws {
        #expect(try placed(name, NamePolicy(keepHost: true)) == expected)
    }

    @Test func prefixComesFirst() throws {
        let prefix = try #require(RepositoryName("mirror/x"))
        #expect(try placed("nginx:1", NamePolicy(prefix: prefix)) == "mirror/x/nginx:1")
        let both = NamePolicy(keepHost: true, prefix: prefix)
        #expect(try placed("ghcr.io/a/b:1", both) == "mirror/x/ghcr.io/a/b:1")
        let served = ImageName.served(try #require(RepositoryName("team/app")), nil)
        #expect(try NamePolicy(prefix: prefix).place(served).0?.description == "mirror/x/team/app")
    }

    /// A name in another site is taken over as it is, whatever it looks like.
    @Test func servedNamesStay() throws {
        let name = try #require(RepositoryName("ghcr.io/acme/tool"))
        let (repository, tag) = try NamePolicy().place(.served(name, Tag("1")))
        #expect(repository == name)
        #expect(tag == Tag("1"))
    }

    @Test func aTagAloneHasNoRepository() throws {
        let (repository, tag) = try NamePolicy().place(.tag(try #require(Tag("1"))))
        #expect(repository == nil)
        #expect(tag == Tag("1"))
    }

    /// An IPv6 host has no spelling as a component; a prefix can make a name too long.
    @Test func namesThatDoNotFit() throws {
        #expect(throws: NamingError.invalidName("[__1]_5000/team/app")) {
            try placed("[::1]:5000/team/app:1", NamePolicy(keepHost: true))
        }
        let long = try #require(RepositoryName(String(repeating: "a", count: 250)))
        #expect(throws: NamingError.invalidName("\(long)/zoo/hello")) {
            try placed("zoo/hello:1", NamePolicy(prefix: long))
        }
    }

    @Test func hubAlias() {
        #expect(RepositoryName("nginx")?.hubAlias == RepositoryName("library/nginx"))
        #expect(RepositoryName("team/app")?.hubAlias == nil)
    }
}

@Suite struct GivenNameTests {
    @Test(
        arguments: [
            ("app", nil, "app", nil), ("team/app:1", nil, "team/app", "1"),
            ("a.tar=app:1", "a.tar", "app", "1"),
            ("dir/a.tar=team/app", "dir/a.tar", "team/app", nil),
        ] as [(String, String?, String, String?)]
    )
    func parts(_ text: String, _ input: String?, _ repository: String, _ tag: String?) throws {
        let name = try #require(GivenName(text))
        #expect(name.input == input)
        #expect(name.repository.description == repository)
        #expect(name.tag?.description == tag)
        #expect(name.text == text)
    }

    @Test(arguments: ["", "App", "app:", "app:-x", "a.tar=App:1", "app:1:2", "/app"])
    func invalid(_ text: String) { #expect(GivenName(text) == nil) }

    /// File names may have an equals sign; repository names can't.
    @Test func theLastEqualsSignCounts() throws {
        let name = try #require(GivenName("v=1/a.tar=app:1"))
        #expect(name.input == "v=1/a.tar")
        #expect(GivenName("a.tar=") == nil)
        #expect(GivenName("=app:1") == nil)
    }
}

@Suite struct NameClashTests {
    private func names(_ texts: String...) throws -> [RepositoryName] {
        try texts.map { try #require(RepositoryName($0)) }
    }

    @Test func namesBesideEachOther() throws {
        try NameClash.check(
            try names("a", "a/b", "a/b/c", "tags/list", "manifests", "b/tags/list", "x/index.html")
        )
    }

    @Test(arguments: ["manifests", "blobs", "tags", "referrers"])
    func apiPaths(_ folder: String) throws {
        let (outer, inner) = (try names("a/b")[0], try names("a/b/\(folder)/x")[0])
        let clash = RepositoryClash(
            outer: RepositoryClash.Side(outer),
            inner: RepositoryClash.Side(inner)
        )
        #expect(throws: NamingError.repositoryClash(clash)) {
            try NameClash.check([inner, outer])
        }
        // Without the outer one the path is free.
        try NameClash.check([inner])
    }

    /// `nginx` is served as `library/nginx` as well.
    @Test func theHubsNameCountsToo() throws {
        let found = try names("nginx", "library/nginx/tags/list")
        let clash = RepositoryClash(
            outer: RepositoryClash.Side(found[0], served: try names("library/nginx")[0]),
            inner: RepositoryClash.Side(found[1])
        )
        #expect(throws: NamingError.repositoryClash(clash)) { try NameClash.check(found) }
    }

    @Test func indexPage() throws {
        let name = try names("index.html/app")[0]
        #expect(throws: NamingError.reservedName(name)) { try NameClash.check([name]) }
    }

    /// Both would be served under one path, with two lists of tags.
    @Test func ownNameAndTheHubs() throws {
        let both = try names("nginx", "library/nginx")
        let clash = RepositoryClash(
            outer: RepositoryClash.Side(both[0], served: both[1]),
            inner: RepositoryClash.Side(both[1])
        )
        #expect(throws: NamingError.repositoryClash(clash)) { try NameClash.check(both) }
    }
}
