// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

extension ClientKit {
    /// The system's trust store, for programs without a setting of their own.
    var system: ClientSetup {
        guard let authority = address.authority else { return ClientSetup(.system, []) }
        return ClientSetup(
            .system,
            [
                KitFile(
                    "ca.crt",
                    for: ["/usr/local/share/ca-certificates/regstatic.crt"],
                    text: authority.pem,
                    kind: .certificate
                )
            ],
            commands: ["update-ca-certificates"],
            notes: [
                "These steps are for Debian and Ubuntu. On Fedora and Red Hat, copy the file to",
                "/etc/pki/ca-trust/source/anchors/, then run: update-ca-trust.",
            ]
        )
    }
}
