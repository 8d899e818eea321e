// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

extension ClientKit {
    private static let certificates = "/etc/containerd/certs.d"

    /// The setup of containerd, which reads these files at every pull and needs a restart only if
    /// its `config_path` changes.
    var containerd: ClientSetup {
        let target = "\(Self.certificates)/\(Self.folderName(address.host))/ca.crt"
        return ClientSetup(
            .containerd,
            ownCertificate("containerd/certs.d", [target])
                + ownHostFolder("containerd/certs.d", in: Self.certificates)
                + hostFolders("containerd/certs.d", in: Self.certificates),
            notes: [
                "For Kubernetes, set config_path in /etc/containerd/config.toml once, then restart containerd:",
                "  containerd 1.5 to 1.7: [plugins.\"io.containerd.grpc.v1.cri\".registry]",
                "  containerd 2:          [plugins.\"io.containerd.cri.v1.images\".registry]",
                "                           config_path = \"\(Self.certificates)\"",
                "You don't need to change the image names in pods. No pod starts without the node's pause image,",
                "so the registry needs it, too. Its name: containerd config dump | grep sandbox",
                "With imagePullPolicy: Always, a pod can start only while the registry is running.",
                "A pod can name an image by digest if `regstatic list` shows that digest as preserved.",
            ] + exampleNote("ctr images pull --hosts-dir \(Self.certificates)")
        )
    }
}
