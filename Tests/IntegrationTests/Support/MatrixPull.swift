// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI

/// One pull of the matrix, and how it went.
struct MatrixPull: Sendable, CustomStringConvertible {
    let client: ClientVersion
    let stand: Stand
    let sample: Sample
    /// Nil if exactly what the archive held has arrived.
    let failure: String?

    var description: String {
        let what = "\(client.name) \(client.version), \(sample.reference) from \(stand)"
        return "\(what): \(failure ?? "ok")"
    }
}

/// A client of the matrix by what tells it from others.
struct ClientVersion: Hashable, Sendable {
    let name: String
    let version: String
    /// The Debian that it is of.
    let debian: String
}

/// The forms that a site has on disk.
enum Layout: String, CaseIterable, Sendable {
    case plain, portable
}

/// A server of the matrix: which one, and how it serves what.
struct Stand: Hashable, Sendable, CustomStringConvertible {
    let server: SiteServer.Kind
    let layout: Layout
    let transport: Transport

    var description: String { "\(server.rawValue), \(layout) layout, \(transport)" }

    static let all = SiteServer.Kind.allCases.flatMap { server in
        Layout.allCases.flatMap { layout in
            Transport.allCases.map { Stand(server: server, layout: layout, transport: $0) }
        }
    }

    /// What is pulled here, when the index has this digest.
    ///
    /// How layers are packed is between a client and the bytes, which are the same everywhere: one
    /// layout will do. What is asked for by which name is each layout's own affair.
    func samples(_ index: Digest) -> [Sample] {
        switch (transport, layout) {
        case (.http, .plain): Sample.contents + Sample.names(index)
        case (.http, .portable): Sample.names(index)
        case (.https, _): [.index]
        }
    }
}
