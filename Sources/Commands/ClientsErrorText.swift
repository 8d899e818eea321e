// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ClientKit

extension ErrorText {
    init(_ error: RegistryHostError) {
        switch error {
        case .host(let error): self.init(error)
        case .port(let text, let digits):
            self.init("\(text): \"\(digits)\" is no port", remedy: "Ports are 1 to 65535.")
        case .wildcard(let text):
            self.init(
                "\(text) stands for many hosts, and clients ask one",
                remedy: "Name the one that they shall use."
            )
        case .unrecognised(let host):
            self.init(
                "engines take \(host)/app for an image of Docker Hub: a registry's name has a dot or a"
                    + " port",
                remedy: "Name it in full, as in \(host).plant.lan, or with its port, \(host):443."
            )
        }
    }

    init(_ error: ClientsError) {
        switch error {
        case .noAddress(let site):
            self.init(
                "\(site) doesn't know under which name clients reach it",
                remedy: "regstatic clients \(site) --host HOST[:PORT], with --ca FILE or --http"
            )
        }
    }

    static func text(_ error: KitRecordError) -> String {
        switch error {
        case .address(let text): "its address \(text) is none"
        case .authority: "the CA that it names is no certificate"
        case .mirror(let text): "\(text) is no registry"
        case .tooManyMirrors(let limit): "it names more than \(limit) registries"
        }
    }
}
