// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP

// Checks whether clients can connect to the registry.
extension Check {
    static let connection = [
        encryption, certificateTrust, certificateName, certificateDates, hostRoot,
    ]

    private static let encryption = Check(
        "encryption",
        .connection,
        "the registry speaks TLS",
        reason: "engines accept plain HTTP only from loopback, unless their settings allow it",
        breaks: [
            Breakage(.docker, "http: server gave HTTP response to HTTPS client"),
            Breakage(.containerd, "http: server gave HTTP response to HTTPS client"),
            Breakage(.podman, "http: server gave HTTP response to HTTPS client"),
        ],
        fix: .always(
            """
            give the server a certificate (`regstatic tls` makes one), or allow plain HTTP on each client: docker \
            "insecure-registries" in daemon.json; containerd [host."http://HOST"] in \
            certs.d/HOST/hosts.toml; podman insecure = true in registries.conf
            """
        ),
        scope: .registry
    ) { run in
        let address = run.address
        guard !address.isTLS else { return run.note("\(address)") }
        guard !address.isLoopback else {
            return run.skip("plain HTTP on loopback, where docker and containerd accept it")
        }
        run.warn("\(address)", expected: "TLS", found: "plain HTTP")
    }

    private static let certificateTrust = Check(
        "certificate-trust",
        .connection,
        "the certificate comes from a trusted authority",
        reason: "every client verifies the chain from the server's certificate to a root it knows",
        breaks: untrusted("x509: certificate signed by unknown authority"),
        fix: .always(
            """
            for a private CA, copy its certificate to each client (for doctor, use --cacert FILE): docker \
            /etc/docker/certs.d/HOST/ca.crt; podman /etc/containers/certs.d/HOST/ca.crt; containerd \
            ca = "…" in certs.d/HOST/hosts.toml. For a public CA, the server must also send the \
            intermediate certificates (nginx: ssl_certificate must be the full chain)
            """
        ),
        scope: .registry
    ) { run in
        guard let tls = run.tls() else { return }
        guard case .issuer(let reason) = tls.distrust else { return }
        let leaf = tls.chain.first
        let issuer = leaf.map {
            $0.isSelfSigned ? ", signed by itself" : ", issued by \($0.issuer)"
        }
        let sent = tls.chain.count == 1 ? "1 certificate" : "\(tls.chain.count) certificates"
        run.fail(
            "TLS with \(run.address.host)",
            expected: "a chain to a trusted authority",
            found: "\(reason) (\(sent)\(issuer ?? ""))"
        )
    }

    private static let certificateName = Check(
        "certificate-name",
        .connection,
        "the certificate is for this name",
        reason: "Go looks at the subject's alternative names only, never at its common name",
        breaks: untrusted("x509: certificate is valid for …, not …"),
        fix: .always(
            "issue a certificate with subjectAltName=DNS:HOST (or IP:ADDRESS), and use that name"
        ),
        scope: .registry
    ) { run in
        guard let tls = run.tls() else { return }
        if let reason = tls.wrongName {
            let names = tls.chain.first?.names ?? ""
            run.fail(
                "TLS with \(run.address.host)",
                expected: "\(run.address.host)",
                found: "\(reason) (\(names.isEmpty ? "no alternative names" : names))"
            )
        } else if let leaf = tls.chain.first, leaf.names.isEmpty {
            run.fail(
                "TLS with \(run.address.host)",
                expected: "the name among the alternative names",
                found: "only in the common name"
            )
        }
    }

    private static let certificateDates = Check(
        "certificate-dates",
        .connection,
        "the certificate is valid now and for the next 30 days",
        reason: "clients refuse a certificate outside of its validity period",
        breaks: untrusted("x509: certificate has expired or is not yet valid"),
        fix: .always(
            "issue a new certificate and reload the server; check the clocks of both machines"
        ),
        scope: .registry
    ) { run in
        guard let tls = run.tls() else { return }
        let asked = "TLS with \(run.address.host)"
        if case .dates(let reason) = tls.distrust {
            return run.fail(asked, expected: "valid now", found: reason)
        }
        let day = 24 * 60 * 60
        for end in tls.chain.compactMap(\.notAfter) {
            let days = (end - run.context.now) / day
            if end < run.context.now {
                run.fail(asked, expected: "valid now", found: "expired \(-days) days ago")
            } else if days < 30 {
                run.warn(asked, expected: "valid for at least 30 days", found: "\(days) days")
            }
        }
    }

    private static let hostRoot = Check(
        "host-root",
        .connection,
        "the API is at the root of its host",
        reason: "an image's name can't express a path before /v2/",
        breaks: [
            Breakage(.docker, "can't name it, except in registry-mirrors for docker.io"),
            Breakage(.containerd, "needs hosts.toml with override_path = true"),
            Breakage(.podman, "can't name it"), Breakage(.crane, "can't name it"),
            Breakage(.oras, "can't name it"),
        ],
        fix: .always("give the registry a host name or port of its own"),
        scope: .registry
    ) { run in
        run.note("\(run.address)")
        guard !run.address.prefix.isEmpty else { return }
        run.warn("\(run.address)", expected: "no path", found: run.address.prefix)
    }

    /// The clients that fail if they don't trust the certificate; all clients that use Go's library
    /// report the same message.
    private static func untrusted(_ message: String) -> [Breakage] {
        [
            Breakage(.docker, message), Breakage(.containerd, message),
            Breakage(.podman, message), Breakage(.crane, message), Breakage(.oras, message),
            Breakage(.regctl, message), Breakage(.apple, "refuses the connection"),
            Breakage(.lazy, "can't read blobs"),
        ]
    }
}

extension CheckRun {
    /// Returns the report about the server's TLS; if the server has no TLS, skips the check and
    /// returns nil.
    fileprivate mutating func tls() -> TLSReport? {
        guard let report = context.tls else {
            skip("no TLS")
            return nil
        }
        note("TLS with \(address.host)")
        return report
    }
}
