// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Doctor

@Suite struct AddressTests {
    @Test(arguments: [
        ("https://registry.plant.lan", "https://registry.plant.lan", false),
        ("registry.plant.lan:5000", "https://registry.plant.lan:5000", true),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000", false),
        ("HTTPS://Host/v2/", "https://host", false),
        ("https://host/a/b/", "https://host/a/b", false),
        ("[::1]:5000", "https://[::1]:5000", true),
    ])
    func isRead(_ text: String, _ canonical: String, _ isGuessed: Bool) throws {
        let address = try #require(Address(text))
        #expect(address.description == canonical)
        #expect(address.isGuessed == isGuessed)
        #expect(address.path("_catalog").hasSuffix("/v2/_catalog"))
    }

    @Test(arguments: [
        "", "ftp://host", "https://", "https://user:secret@host", "https://host/?a=b",
        "https://host/#a", "https:///path", "a host", "https://höst",
        "https://host:0", "https://host:", "https://1.2.3", "https://[::12345]", "https://*.lan",
    ])
    func isRefused(_ text: String) { #expect(Address(text) == nil) }

    @Test(arguments: [
        ("http://localhost:1", true), ("http://127.0.0.1", true), ("http://[::1]:1", true),
        ("http://127.example.org", false), ("http://app.localhost", true),
        ("http://10.0.0.1", false),
    ])
    func loopbackIsKnown(_ text: String, _ isLoopback: Bool) throws {
        #expect(try #require(Address(text)).isLoopback == isLoopback)
    }
}
