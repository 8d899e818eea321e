// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

@testable import Commands
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("5000", "127.0.0.1:5000"), ("0.0.0.0:443", "0.0.0.0:443"), ("[::]:80", "[::]:80"),
        ("[::1]:5000", "[::1]:5000"), ("localhost:1", "localhost:1"), ("*:65535", "*:65535"),
        ("registry.plant.lan:5000", "registry.plant.lan:5000"), ("LOCALHOST:1", "localhost:1"),
    ])
    func parses(_ argument: String, _ text: String) {
        #expect(Endpoint(argument: argument)?.text == text)
    }

    @Test(arguments: [
        "", ":", "0", "65536", "-1", ":5000", "host", "host:", "host:x", "::1:5000", "[::1]",
        "[]:80", "a b:80", "a;b:80", "a{:80", "http://host:80", "[host]:80", "1.2.3.4:+5",
        "1.2.3:80", "1.2.3.4.5:80", "[::12345]:80", "host_1:80", "*", "*:0", "0:080", "::1",
    ])
    func refuses(_ argument: String) {
        #expect(Endpoint(argument: argument) == nil)
    }

    @Test func loopback() {
        let local = ["5000", "127.9.9.9:1", "[::1]:1", "localhost:1"]
        #expect(local.allSatisfy { Endpoint(argument: $0)?.isLoopback == true })
        #expect(Endpoint(argument: "0.0.0.0:1")?.isLoopback == false)
        #expect(Endpoint(argument: "0.0.0.0:1")?.isAny == true)
        #expect(Endpoint(argument: "[::]:1")?.isAny == true)
        #expect(Endpoint(argument: "10.0.0.1:1")?.isAny == false)
    }
}
