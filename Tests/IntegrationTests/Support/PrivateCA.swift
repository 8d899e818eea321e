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

    init(_ workspace: Workspace) throws {
        trust = workspace["trust"]
        serverCertificate = workspace["tls/server.crt"]
        serverKey = workspace["tls/server.key"]
        try workspace.folder.makeFolder("trust")
        try workspace.folder.write(
            "tls/extensions",
            "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n"
        )
        try workspace.run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=Test CA",
            "-keyout",
            workspace["tls/ca.key"],
            "-out",
            certificate
        )
        .succeeded()
        try workspace.run(
            "openssl",
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=registry",
            "-keyout",
            serverKey,
            "-out",
            workspace["tls/server.csr"]
        )
        .succeeded()
        try workspace.run(
            "openssl",
            "x509",
            "-req",
            "-days",
            "2",
            "-in",
            workspace["tls/server.csr"],
            "-CA",
            certificate,
            "-CAkey",
            workspace["tls/ca.key"],
            "-CAcreateserial",
            "-CAserial",
            workspace["tls/serial"],
            "-extfile",
            workspace["tls/extensions"],
            "-out",
            serverCertificate
        )
        .succeeded()
    }
}
