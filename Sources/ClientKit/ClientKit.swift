// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import InstallerTemplate
package import SiteModel
package import OCI

/// The configuration of all clients as text, made from the registry's address, its mirrors and an
/// example image.
package struct ClientKit: Sendable {
    package let address: RegistryAddress
    /// The other registries whose images this registry serves, sorted, each with the places of its
    /// images.
    let mirrors: [Mirror]
    /// An image of the registry, such as `team/app:1.0`.
    let example: String?
    /// Whether podman and CRI-O look up names without a registry, such as `nginx:alpine`.
    let shortNames: Bool

    struct Mirror: Hashable {
        let host: RegistryHost
        /// The prefixes that this registry adds to the images' names, at least one element; nil
        /// means no prefix.
        let places: [RepositoryName?]
    }

    package static let folder = SitePath.clients

    package init(
        _ address: RegistryAddress,
        mirrors: Set<MirroredHost> = [],
        example: String? = nil,
        shortNames: Bool = false
    ) {
        self.address = address
        self.example = example
        self.shortNames = shortNames
        // Images of this registry need no mirror.
        let others = Dictionary(grouping: mirrors.filter { $0.host != address.host }, by: \.host)
        self.mirrors = others.sorted { $0.key < $1.key }
            .map { Mirror(host: $0, places: $1.sorted().map(\.place)) }
    }

    /// Returns nil if the site has no address.
    package init?(_ settings: ClientSettings, example: String?) {
        guard let address = settings.address else { return nil }
        self.init(
            address,
            mirrors: settings.mirrors,
            example: example,
            shortNames: settings.shortNames
        )
    }

    package func setup(_ client: Client) -> ClientSetup {
        switch client {
        case .docker: docker
        case .containerd: containerd
        case .podman: podman
        case .k3s: rancher(.k3s, service: "k3s")
        case .rke2: rancher(.rke2, service: "rke2-server")
        case .system: system
        }
    }

    package var setups: [ClientSetup] { Client.allCases.map(setup) }

    /// The files of the folder `clients/`.
    package var files: [FileContent] {
        let texts =
            setups.flatMap(\.files).map { ($0.path, Array($0.text.utf8)) } + [
                ("README.txt", Array(readme.utf8)), ("install.sh", InstallerTemplate.script),
                ("kit.txt", Array(installation.utf8)),
            ]
        return texts.sorted { $0.0 < $1.0 }
            .map { FileContent("\(Self.folder)/\($0.0)", $0.1) }
    }

    /// A warning about the risks of a registry without TLS; empty if the registry has TLS.
    package var consequences: [String] {
        guard address.isPlain else { return [] }
        return [
            "This registry is served over plain HTTP, so clients can't verify the server. An attacker on the",
            "network can replace the image behind a tag. A pull by digest, NAME@sha256:…, is safe, because",
            "clients check the hash. The files here make each client accept HTTP; for a single command, use:",
            "  podman, skopeo --tls-verify=false; ctr --plain-http; crane --insecure; oras --plain-http",
            "To set up HTTPS, run two commands: regstatic tls, then regstatic clients with --ca.",
        ]
    }
}
