// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteModel
import ClientKit
import OCI
import Site
import SiteTestSupport
import TestSupport
import Testing

/// The client kit in a site: drawn from what the site remembers.
@Suite struct KitTests {
    private let site: BuiltSite

    init() throws { site = try BuiltSite() }

    private func archive(_ name: String, _ references: String...) throws -> String {
        try site.archive("\(name).tar", SyntheticImage.small.dockerArchive(references))
    }

    private func address(_ host: String) throws -> RegistryAddress {
        try RegistryAddress(try RegistryHost(host), .http)
    }

    private func remember(_ host: String, _ inputs: [String] = []) throws {
        let address = try address(host)
        try site.build(inputs) { $0.address = address }
    }

    private func mirrors(_ site: BuiltSite? = nil) throws -> [String] {
        try (site ?? self.site).index.kit.mirrors.sorted().map(\.description)
    }

    private func kit() throws -> [String] {
        try site.published().keys.filter { $0.hasPrefix("clients/") }.sorted()
    }

    @Test func withoutAnAddressThereIsNone() throws {
        try site.build([try archive("a", "nginx:1", "quay.io/x/y:1")])
        #expect(try kit().isEmpty)
        #expect(try mirrors() == ["docker.io", "quay.io"])
    }

    @Test func laterBuildsKeepItUpToDate() throws {
        try remember("r.lan:5000", [try archive("a", "nginx:1")])
        #expect(try !kit().contains("clients/containerd/certs.d/quay.io/hosts.toml"))
        try site.build([try archive("b", "quay.io/x/y:1")])
        #expect(try kit().contains("clients/containerd/certs.d/quay.io/hosts.toml"))
        #expect(try kit().contains("clients/containerd/certs.d/r.lan_5000_/hosts.toml"))
        #expect(try site.index.kit.address == address("r.lan:5000"))
        let report = try site.verify()
        #expect(report.faults.isEmpty && report.unreferenced.isEmpty)
    }

    /// Files of an old address would lead clients astray.
    @Test func aNewAddressLeavesNothingOfTheOld() throws {
        try remember("old.lan:5000", [try archive("a", "nginx:1")])
        try remember("new.lan")
        #expect(try kit().allSatisfy { !$0.contains("old.lan") })
        let fresh = try BuiltSite()
        let address = try address("new.lan")
        try fresh.build([site.folder["a.tar"]]) { $0.address = address }
        #expect(Tree.differences(try site.published(), try fresh.published()) == [])
    }

    @Test func theOrderOfBuildsDoesNotMatter() throws {
        let archives = [
            try archive("a", "nginx:1", "quay.io/x/y:1"), try archive("b", "ghcr.io/z:1"),
        ]
        try remember("r.lan", archives)
        let other = try BuiltSite()
        let address = try address("r.lan")
        try other.build([archives[1]])
        try other.build([archives[0]]) { $0.address = address }
        #expect(Tree.differences(try site.published(), try other.published()) == [])
    }

    @Test func changedMissingAndStrangeFilesAreFound() throws {
        try remember("r.lan", [try archive("a", "nginx:1")])
        try site.folder.write("site/clients/install.sh", "rm -rf /\n")
        try site.folder.write("site/clients/more.sh", "")
        try site.folder.remove("site/clients/docker/daemon.json")
        let report = try site.verify()
        #expect(
            report.faults == [
                .tree(path: "clients/docker/daemon.json", isMissing: true),
                .tree(path: "clients/install.sh"),
                .foreign(path: "clients/more.sh"),
            ]
        )
        try site.build([])
        #expect(try site.verify().faults.isEmpty)
        #expect(try !kit().contains("clients/more.sh"))
    }

    // MARK: Names

    @Test func placesOfNames() throws {
        let archive = try archive("a", "nginx:1", "registry.corp:5000/team/app:1")
        try site.build([archive]) { $0.names = NamePolicy(keepHost: true) }
        let prefix = try #require(RepositoryName("p/q"))
        try site.build([archive]) { $0.names = NamePolicy(prefix: prefix) }
        try site.build([archive]) { $0.names = NamePolicy(keepHost: true, prefix: prefix) }
        #expect(
            try mirrors() == [
                "docker.io=docker.io", "docker.io=p/q", "docker.io=p/q/docker.io",
                "registry.corp:5000=p/q", "registry.corp:5000=p/q/registry.corp_5000",
                "registry.corp:5000=registry.corp_5000",
            ]
        )
    }

    /// They mean another machine on every machine.
    @Test func loopbackIsNobodysMirror() throws {
        let names = ["localhost/a:1", "localhost:5000/a:1", "127.0.0.1:5000/a:1", "[::1]:5000/a:1"]
        try site.build([try site.archive("a.tar", SyntheticImage.small.dockerArchive(names))])
        #expect(try mirrors().isEmpty)
    }

    /// A name that archives may have and no host can.
    @Test func impossibleHostsAreNoMirrors() throws {
        let long = String(repeating: "a", count: 64)
        try site.build([try archive("a", "\(long).lan/a:1", "1.2.3/a:1", "r.lan:99999/a:1")])
        #expect(try mirrors().isEmpty)
        #expect(try site.index.entries.count == 1)
    }

    /// Docker Hub's own images are asked for as `library/…` behind a prefix, too.
    @Test func theHubsNameBehindAPrefix() throws {
        let prefix = RepositoryName("p")
        let archive = try archive("a", "nginx:1", "zoo/hello:1")
        try site.build([archive]) { $0.names = NamePolicy(prefix: prefix) }
        let tree = try site.published()
        #expect(tree["v2/p/library/nginx/manifests/1"] != nil)
        #expect(tree["v2/p/nginx/manifests/1"] != nil)
        #expect(tree["v2/library/nginx/manifests/1"] == nil)
        #expect(tree["v2/p/zoo/library/hello/manifests/1"] == nil)
        #expect(try site.verify().faults.isEmpty)
    }

    // MARK: Sites as inputs

    @Test func aCopyRemembersEverything() throws {
        try remember("r.lan", [try archive("a", "nginx:1", "quay.io/x/y:1")])
        let copy = try BuiltSite([site.path])
        #expect(Tree.differences(try site.published(), try copy.published()) == [])
    }

    /// A stranger's site must not decide whom clients trust.
    @Test func nothingIsTakenOverUnasked() throws {
        try remember("r.lan", [try archive("a", "nginx:1", "quay.io/x/y:1")])
        let copy = try BuiltSite()
        let outcome = try copy.build([site.path]) { $0.keepingAddress = nil }
        #expect(try copy.index.kit.address == nil)
        #expect(try mirrors(copy) == [])
        #expect(outcome.unkept?.address == (try address("r.lan")))
        #expect(throws: SiteBuild.Failure.self) {
            try BuiltSite().build([site.path]) { $0.keepingAddress = { _ in false } }
        }
    }

    @Test func aPrefixMovesTheNames() throws {
        try remember("r.lan", [try archive("a", "nginx:1", "quay.io/x/y:1")])
        let copy = try BuiltSite()
        try copy.build([site.path]) { $0.names = NamePolicy(prefix: RepositoryName("p")) }
        #expect(try mirrors(copy) == ["docker.io=p", "quay.io=p"])
    }

    @Test func aSitesOwnAddressStays() throws {
        try remember("mine.lan", [try archive("a", "nginx:1")])
        let other = try BuiltSite()
        let address = try address("other.lan")
        try other.build([try archive("b", "quay.io/x/y:1")]) { $0.address = address }
        try site.build([other.path])
        #expect(try site.index.kit.address == self.address("mine.lan"))
        #expect(try mirrors() == ["docker.io", "quay.io"])
    }

    /// Which of them it would be shall not depend on their order.
    @Test func sitesThatDisagreeLeaveNoAddress() throws {
        let inputs = try ["one.lan", "two.lan"]
            .map { host in
                let input = try BuiltSite()
                let address = try address(host)
                try input.build([try archive(host, "nginx:1")]) { $0.address = address }
                return input
            }
        try site.build(inputs.map(\.path))
        #expect(try site.index.kit.address == nil)
    }

    /// An input's memory that can't be is forgotten; a site's own is damage.
    @Test func damagedMemory() throws {
        try remember("r.lan", [try archive("a", "nginx:1")])
        let text = try site.folder.text("site/index.json")
        try site.folder.write("site/index.json", text.replacing("//r.lan", with: "//r_lan"))
        let copy = try BuiltSite([site.path])
        #expect(try copy.index.kit.address == nil)
        #expect(try copy.index.entries.count == 1)
        #expect(throws: SiteDamage.kitSettings(.address("http://r_lan"))) {
            try SiteFolder.forReading(site.path)
        }
    }

    /// Clients install the CA, so a site's index.json may have certificates only.
    @Test(arguments: ["", "x", "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n"])
    func noAuthority(_ pem: String) throws {
        try remember("r.lan", [try archive("a", "nginx:1")])
        let text = try site.folder.text("site/index.json")
        let members = #""regstatic.address":"https://r.lan","regstatic.ca":"\#(pem)""#
        let wrong = text.replacing(#""regstatic.address":"http://r.lan""#, with: members)
        #expect(wrong != text)
        try site.folder.write("site/index.json", wrong)
        #expect(throws: SiteDamage.kitSettings(.authority)) { try SiteFolder.forReading(site.path) }
        #expect(try BuiltSite([site.path]).index.kit.address == nil)
    }
}
