// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import ClientKit

extension ErrorText {
    init(_ error: RegistryHostError) {
        switch error {
        case .host(let error): self.init(error)
        case .port(let text, let digits):
            self.init("\(text): \"\(digits)\" is not a port", remedy: "Ports are 1 to 65535.")
        case .wildcard(let text):
            self.init(
                "\(text) is a wildcard, but clients need the name of one host",
                remedy: "Write the host name that clients use."
            )
        case .unrecognised(let host):
            self.init(
                "engines read \(host)/app as an image of Docker Hub, because a registry's name needs a"
                    + " dot or a port",
                remedy:
                    "Write the full name, as in \(host).plant.lan, or add the port: \(host):443."
            )
        }
    }

    init(_ error: ClientsError) {
        switch error {
        case .noAddress(let site):
            self.init(
                "\(site) has no address for clients",
                remedy:
                    "Set it with: regstatic clients \(ShellWord.quoted(site)) --host HOST[:PORT] [--ca FILE | --http]"
            )
        }
    }

    static func text(_ error: ClientSettingsError) -> String {
        switch error {
        case .address(let text): "its address \(text) is invalid"
        case .authority: "its CA is not a certificate"
        case .mirror(let text): "\(text) is not the name of a registry"
        case .tooManyMirrors(let limit): "it names more than \(limit) registries"
        }
    }
}
