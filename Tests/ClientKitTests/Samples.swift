// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Certificates
import SiteModel
import ClientKit
import OCI

/// Addresses and names to make kits of.
enum Sample {
    /// As `regstatic tls` makes it.
    static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIB2zCCAYKgAwIBAgIQR+iDkXhEIiMc+WlbLJ9emTAKBggqhkjOPQQDAjAsMSow
        KAYDVQQDDCFyZWdzdGF0aWMgQ0EgMTI3LjAuMC4xIDIwMjYtMTEtMjMwHhcNMjYx
        MTIzMTcwMzAyWhcNMzYxMTIyMTcwMzAyWjAsMSowKAYDVQQDDCFyZWdzdGF0aWMg
        Q0EgMTI3LjAuMC4xIDIwMjYtMTEtMjMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
        AAQ7nYB6v4Q8TvL9ghu+PF34E5YOyXn262fzepvC7UzzfyjXOKCFagtjijiSY2VZ
        RfAlkGrdfehTy8CdKsPYXQP3o4GFMIGCMBIGA1UdEwEB/wQIMAYBAf8CAQAwDgYD
        VR0PAQH/BAQDAgEGMD0GA1UdHgEB/wQzMDGgLzAKhwh/AAAB/////zALgglsb2Nh
        bGhvc3QwFIIScmVnaXN0cnkucGxhbnQubGFuMB0GA1UdDgQWBBS+9lMkKUxXUvHo
        Itvh6eyIp9KqFDAKBggqhkjOPQQDAgNHADBEAiA91X/0SObwlcLHY9IxmWjZL/KJ
        nr74Jrm+EeVS8im61AIgXZYDCcm/zDRtm4el8wt5YDEhXoTQwuaOrohmIWYsjrw=
        -----END CERTIFICATE-----

        """

    static func authority() throws -> TrustedCA {
        TrustedCA(parsed: try Certificate.trustAnchors(pem: Array(pem.utf8), file: "ca.crt"))
    }

    static func http(_ host: String) throws -> RegistryAddress {
        try RegistryAddress(try RegistryHost(host), .http)
    }

    /// Known to every client.
    static func https(_ host: String) throws -> RegistryAddress {
        try RegistryAddress(try RegistryHost(host), .https(nil))
    }

    static func privateHTTPS(_ host: String) throws -> RegistryAddress {
        try RegistryAddress(try RegistryHost(host), .https(try authority()))
    }

    /// `docker.io`, or `quay.io=mirror/quay.io`.
    static func mirrors(_ texts: String...) throws -> Set<MirroredHost> {
        Set(
            try texts.map { text in
                let parts = text.split(separator: "=").map(String.init)
                let place = parts.count == 2 ? RepositoryName(parts[1]) : nil
                return MirroredHost(try RegistryHost(parts[0]), place: place)
            }
        )
    }
}
