// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import ClientKit
import SiteTestSupport
import Store
import Testing

/// The kit's texts, whole: changed on purpose only, and then tried with the clients.
@Suite struct KitTests {
    /// Without the script, which is the same in every kit.
    private func text(_ kit: ClientKit) -> String {
        kit.files.filter { $0.path != "clients/install.sh" }
            .map { "=== \($0.path)\n\(String(decoding: $0.bytes, as: UTF8.self))" }.joined()
    }

    private func kit(_ address: RegistryAddress, _ mirrors: Set<MirroredHost> = []) -> ClientKit {
        ClientKit(address, mirrors: mirrors, example: "team/app:1.0")
    }

    /// The usual one: a private CA, a port, mirrors at the root.
    @Test func privateAuthority() throws {
        let mirrors = try Sample.mirrors("docker.io", "quay.io", "registry.corp:5000")
        let kit = kit(try Sample.privateHTTPS("registry.plant.lan:5000"), mirrors)
        #expect(Golden.difference("kit-private.txt", text(kit)) == nil)
    }

    @Test func shortNames() throws {
        let address = try Sample.privateHTTPS("r.lan:5000")
        func conf(_ mirrors: String...) throws -> String {
            let mirrors = try Set(mirrors.flatMap { try Sample.mirrors($0) })
            let kit = ClientKit(address, mirrors: mirrors, shortNames: true)
            let file = kit.files.first { $0.path.hasSuffix("50-regstatic.conf") }
            return String(decoding: file?.bytes ?? [], as: UTF8.self)
        }
        let hub = try conf("docker.io", "quay.io")
        // A key below a table would belong to the table.
        let list = try #require(
            hub.firstRange(of: "\nunqualified-search-registries = [\"docker.io\"]\n")
        )
        let table = try #require(hub.firstRange(of: "\n[[registry]]\n"))
        #expect(list.upperBound <= table.lowerBound)
        #expect(try conf().contains("\nunqualified-search-registries = [\"r.lan:5000\"]\n"))
    }

    /// Nobody has to be told about the registry itself: names of others only.
    @Test func publicAuthority() throws {
        let mirrors = try Sample.mirrors("docker.io=hub", "ghcr.io=mirror/ghcr.io", "ghcr.io")
        let kit = kit(try Sample.https("registry.example.com"), mirrors)
        #expect(Golden.difference("kit-public.txt", text(kit)) == nil)
    }

    @Test func plainHTTP() throws {
        let kit = kit(try Sample.http("10.0.0.5:5000"), try Sample.mirrors("docker.io"))
        #expect(Golden.difference("kit-http.txt", text(kit)) == nil)
    }

    /// Names that no mirror is needed for, and an address full of colons.
    @Test func ipv6() throws {
        let mirrors = try Sample.mirrors("[2001:db8::1]:5000")
        let kit = kit(try Sample.privateHTTPS("[2001:db8::1]:5000"), mirrors)
        #expect(Golden.difference("kit-ipv6.txt", text(kit)) == nil)
    }

    @Test func nothingToSay() throws {
        let kit = kit(try Sample.https("registry.example.com"))
        let paths = ["clients/README.txt", "clients/install.sh", "clients/kit.txt"]
        #expect(kit.files.map(\.path) == paths)
        #expect(kit.setups.allSatisfy { $0.files.isEmpty })
        #expect(kit.consequences.isEmpty)
    }

    /// What every medium can hold.
    @Test(arguments: ["r.lan", "r.lan:5000", "[::1]", "[2001:db8::1]:5000"])
    func pathsHaveNoColons(_ host: String) throws {
        let mirrors = try Sample.mirrors("docker.io", "a.b:1", "[::2]:3")
        for address in [try Sample.http(host), try Sample.privateHTTPS(host)] {
            let paths = kit(address, mirrors).files.map(\.path)
            #expect(Set(paths).count == paths.count)
            #expect(Set(paths.map { $0.lowercased() }).count == paths.count)
            #expect(paths.allSatisfy { !$0.contains(":") && $0.hasPrefix("clients/") })
        }
    }

    /// In a place without internet, waiting for another registry takes a minute.
    @Test func noOtherRegistryIsNamed() throws {
        let mirrors = try Sample.mirrors("docker.io", "quay.io=quay.io")
        let address = try Sample.privateHTTPS("r.lan")
        for file in ClientKit(address, mirrors: mirrors).files where file.path.hasSuffix(".toml") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            let urls = text.matches(of: /https?:\/\/([^"\/]+)/).map { String($0.1) }
            #expect(urls.count >= 2 && Set(urls) == ["r.lan"], "\(file.path)")
        }
    }

    @Test func onlyPlainHTTPHasConsequences() throws {
        #expect(try !kit(Sample.http("r.lan")).consequences.isEmpty)
        #expect(try kit(Sample.privateHTTPS("r.lan")).consequences.isEmpty)
    }
}
