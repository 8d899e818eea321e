// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import Synchronization
import TestSupport

/// Every server by its own configuration, for each layout and transport, ready to be pulled from.
final class ClientMatrix {
    private let workspace: Workspace
    private let orders: [Order]
    private let servers: [SiteServer]

    /// What is to be pulled from where.
    private struct Order: Sendable {
        let stand: Stand
        let endpoint: Endpoint
        let sample: Sample
        let expected: ImageContent
    }

    init() throws {
        let workspace = try Workspace()
        for layout in Layout.allCases { try Self.build(workspace, layout) }
        let authority = try PrivateCA(workspace)
        let servers = try Stand.all.map { stand in
            try SiteServer(
                stand.server,
                workspace,
                site: workspace[stand.layout.rawValue],
                authority: stand.transport == .https ? authority : nil
            )
        }
        let index = Digest(of: try workspace.folder.read("plain/v2/zoo/multi/manifests/1"))
        orders = try zip(Stand.all, servers)
            .flatMap { stand, server in
                try stand.samples(index)
                    .map {
                        Order(
                            stand: stand,
                            endpoint: server.endpoint,
                            sample: $0,
                            expected: try $0.expected(workspace)
                        )
                    }
            }
        self.workspace = workspace
        self.servers = servers
    }

    func stop() { servers.forEach { $0.stop() } }

    /// Images of all kinds.
    private static func build(_ workspace: Workspace, _ layout: Layout) throws {
        let site = layout.rawValue
        let many = [Fixture.docker20Many]
        let inputs = many + [Fixture.mergeAMD64, Fixture.mergeARM64, Fixture.attested]
        try workspace.build(inputs, "--layout", site, into: site)
        try workspace.build([Fixture.containerdMany], "--prefix", "original", into: site)
        try workspace.build(many, "--prefix", "zstd", "--compression", "zstd", into: site)
        try workspace.build(many, "--prefix", "raw", "--compression", "none", into: site)
        try workspace.build(many, "--prefix", "schema2", "--format", "docker", into: site)
    }

    /// Lets every client pull everything, several clients at a time: they wait more than they work.
    func pull(with clients: [MatrixClient]) throws -> [MatrixPull] {
        let results = Mutex(
            [Result<[MatrixPull], any Error>?](repeating: nil, count: clients.count)
        )
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 5
        for (index, client) in clients.enumerated() {
            queue.addOperation { [workspace, orders] in
                let result = Result { try Self.pull(client, workspace, orders) }
                results.withLock { $0[index] = result }
            }
        }
        queue.waitUntilAllOperationsAreFinished()
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }

    private static func pull(_ client: MatrixClient, _ workspace: Workspace, _ orders: [Order])
        throws -> [MatrixPull]
    {
        let name = ClientVersion(
            name: client.name,
            version: try client.version(workspace),
            debian: client.debian.name
        )
        let puller = try client.start(workspace)
        defer { puller.stop() }
        return orders.map { order in
            MatrixPull(
                client: name,
                stand: order.stand,
                sample: order.sample,
                failure: failure(of: puller, order)
            )
        }
    }

    private static func failure(of client: any PullClient, _ order: Order) -> String? {
        do {
            let pulled = try client.pull(order.sample.reference, from: order.endpoint)
            let isWhole = pulled == order.expected && !pulled.diffIDs.isEmpty
            return isWhole ? nil : "\(pulled) has arrived instead of \(order.expected)"
        } catch { return "\(error)" }
    }
}
