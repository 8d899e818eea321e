// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import ClientKit
import Testing

@testable import Certificates

@Suite struct RegistryHostTests {
    @Test(
        arguments: [
            ("docker.io", "docker.io", nil), ("Registry.Plant.LAN", "registry.plant.lan", nil),
            ("registry:443", "registry:443", 443), ("10.0.0.5:5000", "10.0.0.5:5000", 5000),
            ("::1", "[::1]", nil), ("[::1]", "[::1]", nil),
            ("[2001:DB8::1]:80", "[2001:db8::1]:80", 80),
            ("localhost", "localhost", nil),
        ] as [(String, String, Int?)]
    )
    func hosts(_ text: String, _ expected: String, _ port: Int?) throws {
        let host = try RegistryHost(text)
        #expect(host.description == expected)
        #expect(host.port == port)
        #expect(try RegistryHost(expected) == host)
        #expect(throws: Never.self) { try RegistryAddress(host, .http) }
    }

    @Test(
        arguments: [
            ("https://r.lan", .host(HostError("https://r.lan", .scheme))),
            ("https://r.lan:443", .host(HostError("https://r.lan:443", .scheme))),
            ("r.lan/v2", .host(HostError("r.lan/v2", .scheme))), ("r.lan:", .port("r.lan:", "")),
            ("r.lan:0", .port("r.lan:0", "0")), ("r.lan:65536", .port("r.lan:65536", "65536")),
            ("r.lan:+80", .port("r.lan:+80", "+80")), ("r.lan:http", .port("r.lan:http", "http")),
            ("r.lan:080", .port("r.lan:080", "080")), ("*.r.lan", .wildcard("*.r.lan")),
            ("", .host(HostError("", .empty))), ("a b", .host(HostError("a b", .character(" ")))),
            ("a\"b", .host(HostError("a\"b", .character("\"")))),
            ("a'b", .host(HostError("a'b", .character("'")))),
            ("$(x)", .host(HostError("$(x)", .character("$")))),
            ("r_1.lan", .host(HostError("r_1.lan", .character("_")))),
            ("::1:5000:x", .host(HostError("::1:5000:x", .address))),
        ] as [(String, RegistryHostError)]
    )
    func noHosts(_ text: String, _ error: RegistryHostError) {
        #expect(throws: error) { try RegistryHost(text) }
    }

    /// `registry/app` is an image of Docker Hub to every engine.
    @Test func aBareWordIsNoRegistry() throws {
        let bare = try RegistryHost("registry")
        #expect(throws: RegistryHostError.unrecognised(bare)) { try RegistryAddress(bare, .http) }
    }
}
