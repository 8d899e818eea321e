// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// How each client learns to trust a CA: where its certificate goes, and what is written there.
package struct ClientTrust: Hashable, Sendable {
    package let client: String
    /// Where `ca.crt` goes.
    package let place: String
    /// A file that tells the client about it.
    package let settings: Settings?
    /// What to run afterwards.
    package let command: String?

    package struct Settings: Hashable, Sendable {
        package let file: String
        package let lines: [String]
    }

    /// For a registry as clients name it: `registry.plant.lan`, `10.0.0.5:5000`, `[::1]:5000`.
    package static func all(registry: String) -> [ClientTrust] {
        [
            ClientTrust("docker", "/etc/docker/certs.d/\(registry)/ca.crt"),
            ClientTrust(
                "podman, buildah, skopeo, CRI-O",
                "/etc/containers/certs.d/\(registry)/ca.crt"
            ),
            containerd(registry), k3s(registry),
            ClientTrust(
                "everything on Debian, Ubuntu",
                "/usr/local/share/ca-certificates/regstatic.crt",
                command: "update-ca-certificates"
            ),
        ]
    }

    private static func containerd(_ registry: String) -> ClientTrust {
        let folder = "/etc/containerd/certs.d/\(registry)"
        let lines = [
            "[host.\"https://\(registry)\"]", "  capabilities = [\"pull\", \"resolve\"]",
            "  ca = \"\(folder)/ca.crt\"",
        ]
        return ClientTrust(
            "containerd, Kubernetes",
            "\(folder)/ca.crt",
            Settings(file: "\(folder)/hosts.toml", lines: lines)
        )
    }

    private static func k3s(_ registry: String) -> ClientTrust {
        let place = "/etc/rancher/k3s/ca.crt"
        let lines = ["configs:", "  \"\(registry)\":", "    tls:", "      ca_file: \(place)"]
        return ClientTrust(
            "k3s",
            place,
            Settings(file: "/etc/rancher/k3s/registries.yaml", lines: lines),
            command: "systemctl restart k3s"
        )
    }

    private init(
        _ client: String,
        _ place: String,
        _ settings: Settings? = nil,
        command: String? = nil
    ) {
        self.client = client
        self.place = place
        self.settings = settings
        self.command = command
    }
}
