// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import Glibc
import TestSupport
import Testing

/// A server of any kind, by the configuration that the site brings along.
final class SiteServer {
    enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case apache, caddy, lighttpd, nginx, python

        var testDescription: String { rawValue }

        var program: Program {
            switch self {
            case .apache: .apache
            case .caddy: .caddy
            case .lighttpd: .lighttpd
            case .nginx: .nginx
            case .python: .python
            }
        }

        private static let asCommonServersDo = ["--no-conditions", "--normalizes", "--lenient"]

        /// What it is known not to do, as the checker's options.
        var limits: [String] {
            switch self {
            case .apache: ["--no-paging"] + Self.asCommonServersDo
            case .nginx: ["--no-count"] + Self.asCommonServersDo
            case .caddy, .lighttpd: Self.asCommonServersDo
            case .python: []
            }
        }
    }

    let endpoint: Endpoint
    private let stopServer: () -> Void

    init(_ kind: Kind, _ workspace: Workspace, site: String, authority: PrivateCA?) throws {
        if kind == .nginx {
            let nginx = try NginxServer(workspace, site: site, authority: authority)
            endpoint = nginx.endpoint
            stopServer = nginx.stop
            return
        }
        let port = try NginxServer.freePort()
        endpoint = Endpoint(host: "127.0.0.1:\(port)", authority: authority)
        var environment = workspace.environment
        environment["REGSTATIC_SITE"] = site
        environment["REGSTATIC_BIND"] = "127.0.0.1"
        environment["REGSTATIC_PORT"] = "\(port)"
        environment["REGSTATIC_CERT"] = authority?.serverCertificate
        environment["REGSTATIC_KEY"] = authority?.serverKey
        let arguments = try Self.arguments(kind, workspace, site, port, authority)
        let job = try Job(arguments, environment: environment)
        stopServer = job.stop
        try waitForAnswer(workspace, job)
    }

    /// A server by a configuration of another's.
    init(_ arguments: [String], _ workspace: Workspace, _ endpoint: Endpoint) throws {
        self.endpoint = endpoint
        let job = try Job(arguments, environment: workspace.environment)
        stopServer = job.stop
        try waitForAnswer(workspace, job)
    }

    func stop() { stopServer() }

    private static func arguments(
        _ kind: Kind,
        _ workspace: Workspace,
        _ site: String,
        _ port: Int,
        _ authority: PrivateCA?
    ) throws -> [String] {
        let scheme = authority == nil ? "http" : "https"
        let folder = "\(site)/servers/\(kind.rawValue)"
        switch kind {
        case .apache:
            var defines = ["REGSTATIC_SITE \(site)", "REGSTATIC_PORT 127.0.0.1:\(port)"]
            defines.append("REGSTATIC_RUN \(workspace.folder.path)")
            if let authority {
                defines.append("REGSTATIC_TLS \(try tlsFolder(workspace, authority))")
            }
            return ["apache2"] + defines.flatMap { ["-C", "Define \($0)"] }
                + ["-d", site, "-f", "servers/apache/\(scheme).conf", "-D", "FOREGROUND"]
        case .caddy:
            let file = "\(folder)/\(scheme).Caddyfile"
            return ["caddy", "run", "--adapter", "caddyfile", "--config", file]
        case .lighttpd: return ["lighttpd", "-D", "-f", "\(folder)/\(scheme).conf"]
        case .python:
            let certificate = authority.map { ["--cert", $0.serverCertificate] } ?? []
            let key = authority.map { ["--key", $0.serverKey] } ?? []
            return ["python3", "\(folder)/serve.py", "--quiet", "--listen", "127.0.0.1:\(port)"]
                + certificate + key
        case .nginx: return []
        }
    }

    /// Certificate and key under the names that Apache's configuration knows.
    private static func tlsFolder(_ workspace: Workspace, _ authority: PrivateCA) throws -> String {
        let folder = workspace["apache-tls"]
        try workspace.run("mkdir", "-p", folder).succeeded()
        try workspace.run("cp", authority.serverCertificate, "\(folder)/registry.crt").succeeded()
        try workspace.run("cp", authority.serverKey, "\(folder)/registry.key").succeeded()
        return folder
    }

    private func waitForAnswer(_ workspace: Workspace, _ job: Job) throws {
        let client = HTTPClient(workspace, endpoint)
        for _ in 0..<200 where job.isRunning {
            if (try? client.get("/v2/").status) == 200 { return }
            usleep(50_000)
        }
        let words = job.errors
        job.stop()
        throw Missing(description: "the server doesn't answer: \(words)")
    }
}
