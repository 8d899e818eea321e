// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

@testable import Certificates

/// What the real `openssl` says of certificates.
enum OpenSSL {
    static func text(_ path: String) throws -> String {
        let result = try Command.run("openssl", ["x509", "-in", path, "-noout", "-text"])
        try #require(result.status == 0, "\(result.errors)")
        return result.text
    }

    /// One of the lines that `openssl x509` prints for an option, without its label.
    static func field(_ option: String..., of path: String) throws -> String {
        let result = try Command.run("openssl", ["x509", "-in", path, "-noout"] + option)
        try #require(result.status == 0, "\(result.errors)")
        return result.text.split(separator: "\n").first?.split(separator: "=").last.map(String.init)
            ?? ""
    }

    /// Whether a client that trusts the CA takes a certificate for a host.
    static func verify(_ certificate: String, _ authority: String, for host: Host) throws -> String
    {
        let option = if case .name = host.kind { "-verify_hostname" } else { "-verify_ip" }
        let arguments = [
            "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority,
            option, host.description.replacing("*", with: "r"), certificate,
        ]
        let result = try Command.run("openssl", arguments)
        return result.status == 0 ? "OK" : result.text + result.errors
    }
}
