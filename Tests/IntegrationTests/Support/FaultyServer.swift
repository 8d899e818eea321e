// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

/// One thing that a server does wrong, as a change of the site's own configuration.
struct ServerFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The checks that find it, with their verdicts.
    let found: [String: String]
    /// What stands in the configuration, and what takes its place.
    let changes: [(String, String)]

    init(_ name: String, _ found: [String: String], _ changes: (String, String)...) {
        testDescription = name
        self.found = found
        self.changes = changes
    }
}

extension NginxServer {
    /// Serves the workspace's site by its own configuration, but for a fault.
    convenience init(_ workspace: Workspace, _ fault: ServerFault) throws {
        let text = try fault.changes.reduce(Self.configuration(workspace)) { text, change in
            guard text.contains(change.0) else {
                throw Missing(description: "the site's configuration has no \(change.0)")
            }
            return text.replacing(change.0, with: change.1)
        }
        try self.init(workspace) { text.replacing("PORT;", with: "\($0);") }
    }

    /// Serves the workspace's site over HTTPS too, on a port of its own.
    convenience init(_ workspace: Workspace, _ certificate: ServerCertificate, port: Int) throws {
        let lines = """
            listen 127.0.0.1:\(port) ssl;
            ssl_certificate \(certificate.path);
            ssl_certificate_key \(certificate.key);
            """
        try self.init(workspace, ServerFault("", [:], ("# Here TLS.", lines)))
    }

    private static func configuration(_ workspace: Workspace) throws -> String {
        let folder = "site/servers/nginx"
        return """
            daemon off;
            error_log stderr;
            pid \(workspace["pid"]);
            events {}
            http {
                \(try workspace.folder.text("\(folder)/maps.conf"))
                access_log off;
                client_body_temp_path \(workspace["body"]);
                proxy_temp_path \(workspace["proxy"]);
                fastcgi_temp_path \(workspace["fastcgi"]);
                uwsgi_temp_path \(workspace["uwsgi"]);
                scgi_temp_path \(workspace["scgi"]);
                server {
                    listen 127.0.0.1:PORT;
                    # Here TLS.
                    root "\(workspace["site"])";
                    \(try workspace.folder.text("\(folder)/registry.conf"))
                    location / {
                        return 404;
                    }
                }
            }
            """
    }
}

/// A server's certificate with its key.
struct ServerCertificate: Sendable {
    let path: String
    let key: String
}

extension PrivateCA {
    /// Certifies the server's key once more, for another name or other days.
    func issue(
        _ workspace: Workspace,
        _ name: String,
        for subject: String,
        days: Int
    ) throws -> ServerCertificate {
        let path = workspace["tls/\(name).crt"]
        try workspace.folder.write("tls/\(name).extensions", "subjectAltName=\(subject)\n")
        var arguments = ["openssl", "x509", "-req", "-days", "\(days)"]
        arguments += ["-in", workspace["tls/server.csr"], "-CA", certificate]
        arguments += ["-CAkey", workspace["tls/ca.key"], "-CAserial", workspace["tls/serial"]]
        arguments += ["-extfile", workspace["tls/\(name).extensions"], "-out", path]
        try workspace.start(arguments).wait().succeeded()
        return ServerCertificate(path: path, key: serverKey)
    }
}
