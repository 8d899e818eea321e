// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import TestSupport

/// Where a registry listens.
struct Endpoint: Sendable {
    /// Address and port, as they stand in an image's name.
    let host: String
    /// Whom to trust; nil for plain HTTP.
    let authority: PrivateCA?

    var url: String { (authority == nil ? "http://" : "https://") + host }

    /// Waits for the server that is to listen here: any answer will do, a broken one's too.
    func waitForAnswer(_ workspace: Workspace, from server: Job, seconds: Int = 5) throws {
        let client = HTTPClient(workspace, self)
        for _ in 0..<(seconds * 20) where server.isRunning {
            if (try? client.get("/v2/")) != nil { return }
            usleep(50_000)
        }
        throw Missing(description: "\(host) doesn't answer: \(server.errors)")
    }
}

/// An nginx that serves one site by the configuration that the site brings along.
final class NginxServer {
    let endpoint: Endpoint
    private let job: Job
    private let conf: TemporaryFolder

    /// Starts a server and waits until it answers; with an authority, over HTTPS.
    init(_ workspace: Workspace, site: String, authority: PrivateCA? = nil) throws {
        conf = try TemporaryFolder()
        chmod(conf.path, 0o755)
        let port = try Self.freePort()
        let name = authority == nil ? "http.conf" : "https.conf"
        for file in try Tree.snapshot("\(site)/servers/nginx") {
            guard case .file(let bytes, _) = file.value else { continue }
            try conf.write("conf/\(file.key)", bytes)
        }
        let text = try Self.adapt(
            conf.text("conf/\(name)"),
            port: port,
            temporary: conf.path,
            authority: authority
        )
        try conf.write("conf/\(name)", text)
        endpoint = Endpoint(host: "127.0.0.1:\(port)", authority: authority)
        job = try workspace.start(["nginx", "-p", site, "-c", conf["conf/\(name)"]])
        try endpoint.waitForAnswer(workspace, from: job)
    }

    /// Starts a server with another configuration, made for a free port.
    init(_ workspace: Workspace, configuration: (Int) -> String) throws {
        conf = try TemporaryFolder()
        let port = try Self.freePort()
        endpoint = Endpoint(host: "127.0.0.1:\(port)", authority: nil)
        let path = try conf.write("nginx.conf", configuration(port))
        job = try workspace.start(["nginx", "-p", conf.path, "-c", path])
        try endpoint.waitForAnswer(workspace, from: job)
    }

    func stop() { job.stop() }

    /// Puts in a free port, a folder for what nginx writes, and the certificate.
    private static func adapt(
        _ text: String,
        port: Int,
        temporary: String,
        authority: PrivateCA?
    ) throws -> String {
        var changes = [("/var/run/regstatic-nginx-", "\(temporary)/nginx-")]
        if let authority {
            changes += [
                ("listen 443 ssl;", "listen 127.0.0.1:\(port) ssl;"),
                ("/etc/regstatic/registry.crt", authority.serverCertificate),
                ("/etc/regstatic/registry.key", authority.serverKey),
            ]
        } else {
            changes.append(("listen 5000;", "listen 127.0.0.1:\(port);"))
        }
        return try changes.reduce(text) { text, change in
            guard text.contains(change.0) else {
                throw Missing(description: "the site's configuration has no \(change.0)")
            }
            return text.replacing(change.0, with: change.1)
        }
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Missing(description: "no free port on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
