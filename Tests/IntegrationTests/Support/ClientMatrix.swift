// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import Synchronization
import TestSupport

/// One pull of the matrix, and how it went.
struct MatrixPull: Sendable {
    let client: ClientVersion
    let server: SiteServer.Kind
    let layout: String
    let transport: Transport
    let sample: Sample
    /// Nil if exactly what the archive held has arrived.
    let failure: String?
}

/// A client of the matrix by what tells it from others.
struct ClientVersion: Hashable, Sendable {
    let name: String
    let version: String
    let debian: String
}

/// Every server by its own configuration, in both layouts, over both transports, ready to be pulled
/// from.
final class ClientMatrix {
    private let workspace: Workspace
    private let samples: [Transport: [(sample: Sample, expected: ImageContent)]]
    private var servers: [SiteServer] = []
    private var stands: [Stand] = []

    private struct Stand: Sendable {
        let server: SiteServer.Kind
        let layout: String
        let endpoint: Endpoint
        let transport: Transport
    }

    init() throws {
        workspace = try Workspace()
        for layout in ["plain", "portable"] { try Self.build(workspace, layout) }
        let index = try workspace.folder.read("plain/v2/zoo/multi/manifests/1")
        let workspace = workspace
        func expecting(_ sample: Sample) throws -> (Sample, ImageContent) {
            (sample, try sample.expected(workspace))
        }
        samples = [
            .http: try (Sample.kinds + [.digest(Digest(of: index))]).map(expecting),
            .https: [try expecting(.index)],
        ]
        try startServers()
    }

    func stop() { servers.forEach { $0.stop() } }

    /// Images of all kinds.
    private static func build(_ workspace: Workspace, _ site: String) throws {
        let layout = ["--layout", site]
        let many = [Fixture.docker20Many]
        let inputs = many + [Fixture.mergeAMD64, Fixture.mergeARM64, Fixture.attested]
        try workspace.build(inputs + layout, into: site)
        try workspace.build([Fixture.containerdMany], "--prefix", "original", into: site)
        try workspace.build(many, "--prefix", "zstd", "--compression", "zstd", into: site)
        try workspace.build(many, "--prefix", "raw", "--compression", "none", into: site)
        try workspace.build(many, "--prefix", "schema2", "--format", "docker", into: site)
    }

    private func startServers() throws {
        let authority = try PrivateCA(workspace)
        for kind in SiteServer.Kind.allCases {
            for layout in ["plain", "portable"] {
                for transport in Transport.allCases {
                    let server = try SiteServer(
                        kind,
                        workspace,
                        site: workspace[layout],
                        authority: transport == .https ? authority : nil
                    )
                    servers.append(server)
                    stands.append(
                        Stand(
                            server: kind,
                            layout: layout,
                            endpoint: server.endpoint,
                            transport: transport
                        )
                    )
                }
            }
        }
    }

    /// Lets every client pull everything: as many clients at a time as there are processors.
    func pull(with clients: [MatrixClient]) throws -> [MatrixPull] {
        let results = Mutex(
            [Result<[MatrixPull], any Error>?](repeating: nil, count: clients.count)
        )
        let (workspace, stands, samples) = (workspace, stands, samples)
        DispatchQueue.concurrentPerform(iterations: clients.count) { index in
            let result = Result {
                try Self.pull(clients[index], workspace, stands, samples)
            }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }

    private static func pull(
        _ kind: MatrixClient,
        _ workspace: Workspace,
        _ stands: [Stand],
        _ samples: [Transport: [(sample: Sample, expected: ImageContent)]]
    ) throws -> [MatrixPull] {
        let name = ClientVersion(
            name: kind.name,
            version: try kind.version(workspace),
            debian: kind.debian.name
        )
        let client = try kind.start(workspace)
        defer { client.stop() }
        return stands.flatMap { stand in
            samples[stand.transport, default: []]
                .map { sample, expected in
                    MatrixPull(
                        client: name,
                        server: stand.server,
                        layout: stand.layout,
                        transport: stand.transport,
                        sample: sample,
                        failure: failure(of: client, sample, expected, stand.endpoint)
                    )
                }
        }
    }

    private static func failure(
        of client: any PullClient,
        _ sample: Sample,
        _ expected: ImageContent,
        _ endpoint: Endpoint
    ) -> String? {
        do {
            let pulled = try client.pull(sample.reference, from: endpoint)
            return pulled == expected && !pulled.diffIDs.isEmpty
                ? nil : "\(pulled) has arrived instead of \(expected)"
        } catch { return "\(error)" }
    }
}
