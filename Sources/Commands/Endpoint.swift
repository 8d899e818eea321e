// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import OCI

/// The address on which a server listens: `PORT`, `ADDRESS:PORT` or `[ADDRESS]:PORT`.
struct Endpoint: Hashable, ExpressibleByArgument, CustomStringConvertible {
    /// Nil for all addresses of the machine, written `*`.
    private let host: Host?
    let port: Int

    static let standard = Endpoint(host: .loopback, port: 5000)

    private init(host: Host?, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        if let port = RegistryHost.port(argument[...]) {
            self.init(host: Self.standard.host, port: port)
        } else if argument.hasPrefix("*:") {
            guard let port = RegistryHost.port(argument.dropFirst(2)) else { return nil }
            self.init(host: nil, port: port)
        } else {
            guard let address = try? RegistryHost(argument), let port = address.port else {
                return nil
            }
            self.init(host: address.host, port: port)
        }
    }

    /// The address and port, in the form for nginx's `listen` and for the name of an image.
    var text: String { "\(host?.inURL ?? "*"):\(port)" }

    /// The text that ArgumentParser shows as the default in the help.
    var description: String { text }

    var isLoopback: Bool { host?.isLoopback == true }

    /// Whether the address stands for all addresses of the machine.
    var isAny: Bool { host.map { ["0.0.0.0", "::"].contains($0.description) } ?? true }
}
