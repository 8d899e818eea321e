// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import TestSupport

/// A relay in front of a server that counts the bytes that the server sends.
final class ByteCounter {
    /// Where clients connect.
    let endpoint: Endpoint
    private let job: Job

    init(_ workspace: Workspace, before server: Endpoint) throws {
        let port = try NginxServer.freePort()
        endpoint = Endpoint(host: "127.0.0.1:\(port)", authority: nil)
        let relay = "\(Fixture.tests)/Clients/relay.py"
        job = try workspace.start(["python3", relay, "\(port)", server.host])
        for _ in 0..<200 where job.isRunning {
            if job.errors.contains("ready") { return }
            usleep(20_000)
        }
        throw Missing(description: "the relay doesn't start: \(job.errors)")
    }

    /// Ends the relay.
    ///
    /// - Returns: the number of bytes.
    func finish() throws -> Int {
        job.send(SIGTERM)
        let text = try job.wait(10).succeeded().text
        guard let count = Int(text.prefix { $0.isNumber }) else {
            throw Missing(description: "the relay has no count: \(text)")
        }
        return count
    }
}
