// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

private let hex = String(repeating: "1f", count: 32)

/// Docker's own rules: <https://github.com/distribution/reference>.
@Suite struct ReferenceTests {
    @Test(arguments: [
        ("nginx", "docker.io/library/nginx"),
        ("nginx:1.25", "docker.io/library/nginx:1.25"),
        ("library/nginx", "docker.io/library/nginx"),
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("docker.io/library/nginx:a", "docker.io/library/nginx:a"),
        ("index.docker.io/nginx", "docker.io/library/nginx"),
        ("DOCKER.io/nginx", "docker.io/library/nginx"),
        ("team/app", "docker.io/team/app"),
        ("a/b/c", "docker.io/a/b/c"),
        ("registry.corp/app", "registry.corp/app"),
        ("registry.corp:5000/team/app:1.0", "registry.corp:5000/team/app:1.0"),
        ("host:5000/app", "host:5000/app"),
        ("localhost/app", "localhost/app"),
        ("localhost:5000/app", "localhost:5000/app"),
        ("Host/app", "host/app"),
        ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b"),
        ("[::1]:5000/app:x", "[::1]:5000/app:x"),
        ("[2001:db8::1]/app", "[2001:db8::1]/app"),
        ("gcr.io/a/b@sha256:\(hex)", "gcr.io/a/b@sha256:\(hex)"),
        ("a:1@sha256:\(hex)", "docker.io/library/a:1@sha256:\(hex)"),
        ("host:5000", "docker.io/library/host:5000"),
        ("localhost", "docker.io/library/localhost"),
        ("localhost:5000", "docker.io/library/localhost:5000"),
        ("a.b", "docker.io/library/a.b"),
        ("a.b:c", "docker.io/library/a.b:c"),
        ("xn--n3h.com/myimage", "xn--n3h.com/myimage"),
        ("quay.io/a/b.c_d/e-f:T", "quay.io/a/b.c_d/e-f:T"),
    ])
    func reads(_ text: String, _ full: String) {
        #expect(Reference(text)?.description == full)
    }

    @Test(arguments: [
        "", " ", ":", "/", "@", "a:", ":a", "a@", "a/", "/a", "a//b", "host.com/", "host.com//a",
        "A", "nginX:1", "team/App", "docker.io/", "a:b:c", "host.com/a:b:c", "a:-1", "a:é",
        "a@sha256:\(hex.dropLast())", "a@sha256:\(hex.uppercased())", "a@md5:\(hex)", "a@\(hex)",
        "@sha256:\(hex)", "a@sha256:\(hex)@sha256:\(hex)", "a@sha256:\(hex):tag", "https://a/b",
        "http://registry.corp/app", "a b", "a/b c", "a\n", "host.com/..", "a/../b",
        "<none>", "<none>:<none>", "host.com:/\u{e9}", "é.com/a", "a.com/-b", "[/a:b", "]/:a",
    ])
    func refuses(_ text: String) { #expect(Reference(text) == nil) }

    /// What no domain of the grammar matches: an empty label, a port that is no number.
    @Test(arguments: [
        "../a", "./a", "...../a", ".a.com/b", "a.com./b", "a..com/b", "-a.com/b", "a-.com/b",
        "a:b/c", "a:/c", "a:5000:1/c", ":5000/a", "[::1/a", "[]:/a", "A_b/c",
    ])
    func refusesHost(_ text: String) {
        #expect(Reference(text) == nil)
    }

    /// Docker keeps such names for image IDs.
    @Test func refusesAnImageIDAsName() {
        #expect(Reference(hex) == nil)
        // Docker reserves only the bare ID.
        #expect(Reference("\(hex):1")?.repository.description == "library/\(hex)")
    }

    @Test func parts() throws {
        let reference = try #require(Reference("Reg.corp:443/team/app:V1@sha256:\(hex)"))
        #expect(reference.host == "reg.corp:443")
        #expect(reference.repository.description == "team/app")
        #expect(reference.tag?.description == "V1")
        #expect(reference.digest?.hex == hex)
    }

    /// What is written reads as the same reference.
    @Test(arguments: ["nginx", "a.b/c:d", "localhost:1/x@sha256:\(hex)", "team/app:1"])
    func roundTrip(_ text: String) throws {
        let reference = try #require(Reference(text))
        #expect(Reference(reference.description) == reference)
    }
}
