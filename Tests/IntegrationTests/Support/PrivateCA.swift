// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport

/// A certificate authority of a test's own, and a server's certificate for loopback.
struct PrivateCA: Sendable {
    /// A folder that holds `ca.crt` and nothing else, as clients of containers/image want it.
    let trust: String
    var certificate: String { "\(trust)/ca.crt" }
    let serverCertificate: String
    let serverKey: String
    /// The server's name on systems that `with-kit.sh` sets up.
    ///
    /// Some clients treat addresses of loopback unlike others.
    static let name = "registry.test"

    init(_ workspace: Workspace) throws {
        trust = workspace["trust"]
        serverCertificate = workspace["tls/server.crt"]
        serverKey = workspace["tls/server.key"]
        try workspace.folder.makeFolder("trust")
        try workspace.folder.write(
            "tls/extensions",
            """
            subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:\(Self.name)
            extendedKeyUsage=serverAuth

            """
        )
        try makeAuthority(workspace)
        try makeServer(workspace)
    }

    private static let newKey = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]

    private func makeAuthority(_ workspace: Workspace) throws {
        var arguments = ["openssl", "req", "-x509", "-days", "2", "-subj", "/CN=Test CA"]
        arguments += Self.newKey + ["-keyout", workspace["tls/ca.key"], "-out", certificate]
        try workspace.start(arguments).wait().succeeded()
    }

    private func makeServer(_ workspace: Workspace) throws {
        let request = workspace["tls/server.csr"]
        var arguments = ["openssl", "req", "-new", "-subj", "/CN=registry"]
        arguments += Self.newKey + ["-keyout", serverKey, "-out", request]
        try workspace.start(arguments).wait().succeeded()

        arguments = ["openssl", "x509", "-req", "-days", "2", "-in", request]
        arguments += ["-CA", certificate, "-CAkey", workspace["tls/ca.key"], "-CAcreateserial"]
        arguments += ["-CAserial", workspace["tls/serial"]]
        arguments += ["-extfile", workspace["tls/extensions"], "-out", serverCertificate]
        try workspace.start(arguments).wait().succeeded()
    }
}
