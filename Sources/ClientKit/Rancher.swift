// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI

// k3s and RKE2 generate containerd's files from their own `registries.yaml`.
//
// <https://docs.k3s.io/installation/private-registry>
extension ClientKit {
    func rancher(_ client: Client, service: String) -> ClientSetup {
        let folder = "/etc/rancher/\(client.rawValue)"
        let certificate = "\(folder)/regstatic-ca.crt"
        guard let yaml = registriesYAML(certificate) else { return ClientSetup(client, []) }
        let name = "registries.yaml"
        var files = [
            KitFile(
                "\(client.rawValue)/\(name)",
                for: ["\(folder)/\(name)"],
                text: yaml,
                kind: .shared
            )
        ]
        if let authority = address.authority {
            files.append(
                KitFile(
                    "\(client.rawValue)/regstatic-ca.crt",
                    for: [certificate],
                    text: authority.pem,
                    kind: .certificate
                )
            )
        }
        return ClientSetup(
            client,
            files,
            commands: ["systemctl restart \(service)"],
            notes: [
                "On agents, the service is \(client.rawValue)-agent.",
                "No pod starts without the pause image, which is in the list of images of the release.",
            ]
                + (mirrors.isEmpty
                    ? []
                    : [
                        "If \(client.rawValue) must not ask the original registries for images that this registry lacks,",
                        "set disable-default-registry-endpoint: true in \(folder)/config.yaml.",
                    ])
        )
    }

    /// The text of `registries.yaml`; nil if there are no settings.
    private func registriesYAML(_ certificate: String) -> String? {
        var entries = mirrors.map { ($0.host, $0.places) }
        if address.isPlain { entries.insert((address.host, [nil]), at: 0) }
        var lines = entries.isEmpty ? [] : ["mirrors:"]
        for (host, places) in entries {
            lines += ["  \"\(host)\":", "    endpoint:"]
            lines += places.map { "      - \"\(endpoint($0))\"" }
        }
        if address.authority != nil {
            lines += ["configs:", "  \"\(address.host)\":", "    tls:"]
            lines.append("      ca_file: \"\(certificate)\"")
        }
        guard !lines.isEmpty else { return nil }
        return KitFile.mark("pull these registries' images from \(address.host).")
            + lines.joined(separator: "\n") + "\n"
    }

    /// The URL of a place, with `/v2` in its path, because the path of an endpoint replaces `/v2`.
    private func endpoint(_ place: RepositoryName?) -> String {
        address.url + (place.map { "/v2/\($0)" } ?? "")
    }
}
