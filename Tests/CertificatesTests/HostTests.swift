// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

@testable import Certificates

@Suite struct HostTests {
    @Test(arguments: [
        ("registry.plant.lan", "registry.plant.lan"), ("Registry.LAN", "registry.lan"),
        ("registry", "registry"), ("localhost", "localhost"), ("r-1.x", "r-1.x"), ("1a", "1a"),
        ("10.example", "10.example"), ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("*.plant.lan", "*.plant.lan"), ("*.Plant.LAN", "*.plant.lan"), ("10.0.0.5", "10.0.0.5"),
        ("::1", "::1"), ("[::1]", "::1"), ("2001:DB8:0:0::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ])
    func hosts(_ text: String, _ expected: String) throws {
        #expect(try Host(text).description == expected)
        #expect(try Host(expected) == Host(text))
    }

    @Test(
        arguments: [
            ("", .empty), ("https://registry", .scheme), ("registry/v2", .scheme),
            ("10.0.0.0/8", .scheme), ("registry:5000", .port(":5000")),
            ("registry:", .port(":")), ("10.0.0.5:443", .port(":443")),
            ("[::1]:5000", .port(":5000")), ("300.1.1.1", .address), ("10.0.0", .address),
            ("1", .address), ("::g", .address), ("[10.0.0.5]", .address), ("[::1", .address),
            ("registry:http", .address), ("::ffff:10.0.0.5", .mapped("10.0.0.5")),
            ("fe80::1%eth0", .zone), ("a%b", .character("%")), ("bücher.de", .international),
            ("registry.", .finalDot), (".", .finalDot), ("a..b", .emptyLabel),
            (".a", .emptyLabel), ("-a.b", .hyphen), ("a-.b", .hyphen), ("a_b.c", .character("_")),
            (" a", .character(" ")), ("a\nb", .character("\n")), ("a,b", .character(",")),
            ("*", .wildcard), ("a.*.b", .wildcard), ("*a.b", .wildcard), ("*.*.b", .wildcard),
            ("*.lan", .wideWildcard), ("*.", .finalDot),
        ] as [(String, HostError.Reason)]
    )
    func noHosts(_ text: String, _ reason: HostError.Reason) {
        #expect(throws: HostError(text, reason)) { try Host(text) }
    }

    @Test func lengths() throws {
        let label = String(repeating: "a", count: 63)
        #expect(throws: Never.self) { try Host(label) }
        #expect(throws: HostError("a\(label)", .longLabel("a\(label)"))) { try Host("a\(label)") }
        let longest = "\(label).\(label).\(label).\(label.dropFirst(2))"
        #expect(longest.utf8.count == 253)
        #expect(throws: Never.self) { try Host(longest) }
        #expect(throws: HostError("b\(longest)", .tooLong)) { try Host("b\(longest)") }
    }

    @Test(arguments: [("a.b", "a.b"), ("10.0.0.5", "10.0.0.5"), ("::1", "[::1]")])
    func inURL(_ text: String, _ expected: String) throws {
        #expect(try Host(text).inURL == expected)
    }

    @Test(arguments: [
        ("localhost", true), ("a.localhost", true), ("127.0.0.1", true), ("127.9.9.9", true),
        ("::1", true), ("::2", false), ("128.0.0.1", false), ("localhost.lan", false),
    ])
    func loopback(_ text: String, _ expected: Bool) throws {
        #expect(try Host(text).isLoopback == expected)
    }

    @Test func lists() throws {
        let list = try HostList(["b,A,b", "a", "10.0.0.5,[::1],::1"])
        #expect(list.description == "b, a, 10.0.0.5, ::1")
        for texts in [[], [""], ["a,"], [",a"], ["a,,b"]] {
            #expect(throws: HostError("", .empty)) { try HostList(texts) }
        }
    }

    @Test func manyHosts() throws {
        let names = (1...101).map { "h\($0)" }
        #expect(try HostList(Array(names.dropLast())).hosts.count == 100)
        #expect(throws: HostError("h101", .tooMany(limit: 100))) { try HostList(names) }
        #expect(try HostList(names.dropLast() + ["h1"]).hosts.count == 100)
    }
}
