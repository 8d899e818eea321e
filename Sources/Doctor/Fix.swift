// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP

/// The kind of server that answers, judged by its headers.
package enum ServerKind: String, Sendable, CaseIterable {
    case nginx
    case apache = "Apache"
    case caddy = "Caddy"
    case lighttpd
    case python = "Python http.server"
    /// A server of files that has no settings for headers, or too few.
    case files = "a plain file server"
    case objects = "object storage"
    case registry = "a registry program"
    case unknown

    init(_ answer: Answer) {
        let name = (answer["Server"] ?? "").lowercased()
        let known = Self.names.first { name.contains($0.0) }
        // If a proxy is in front of a bucket, name the bucket, because the fix is for the bucket.
        if answer.headers.contains(where: { Self.isObjectHeader($0.name.lowercased()) }) {
            self = .objects
        } else if let known {
            self = known.1
        } else if answer["Docker-Distribution-Api-Version"] != nil {
            self = .registry
        } else {
            self = .unknown
        }
    }

    private static let names: [(String, ServerKind)] = [
        ("nginx", .nginx), ("openresty", .nginx), ("angie", .nginx), ("apache", .apache),
        ("caddy", .caddy), ("lighttpd", .lighttpd), ("simplehttp", .python),
        ("basehttp", .python), ("busybox", .files), ("webfs", .files), ("mini_httpd", .files),
        ("thttpd", .files), ("merecat", .files), ("miniserve", .files), ("rclone", .files),
        ("micro_httpd", .files), ("darkhttpd", .files),
        ("amazons3", .objects), ("minio", .objects),
        ("uploadserver", .objects), ("windows-azure-blob", .objects), ("blob service", .objects),
    ]

    private static func isObjectHeader(_ name: String) -> Bool {
        ["x-amz-", "x-goog-", "x-ms-blob"].contains(where: name.hasPrefix)
    }
}

/// How to fix a fault on each kind of server.
package struct Fix: Sendable {
    private let otherwise: String
    private let special: [ServerKind: String]
    private let isByServer: Bool
    /// What to do if a proxy in front of the server is the cause.
    private let proxy: String?

    /// A fix that depends on the kind of server; for web servers, the fix also suggests the
    /// configuration in the site.
    ///
    /// The argument for a server names the probable mistake in a configuration that the user wrote.
    init(
        _ otherwise: String,
        nginx: String? = nil,
        apache: String? = nil,
        caddy: String? = nil,
        lighttpd: String? = nil,
        objects: String? = nil,
        proxy: String? = nil
    ) {
        self.otherwise = otherwise
        self.proxy = proxy
        let given = [
            ServerKind.nginx: nginx, .apache: apache, .caddy: caddy, .lighttpd: lighttpd,
            .objects: objects,
        ]
        special = given.compactMapValues { $0 }
        isByServer = true
    }

    /// A fix that is the same for all kinds of servers.
    static func always(_ text: String) -> Fix { Fix(always: text) }

    private init(always text: String) {
        otherwise = text
        special = [:]
        proxy = nil
        isByServer = false
    }

    /// The text of the fix for this kind of server, with the host of this address.
    package func text(for server: ServerKind, at address: Address) -> String {
        let ways = [special[server], isByServer ? Self.shipped[server] : nil].compactMap { $0 }
        let named = "\(server.rawValue): \(ways.joined(separator: "; or "))"
        let text = ways.isEmpty ? otherwise : named
        let causes = [text, proxy].compactMap { $0 }.joined(separator: "; or ")
        let last = isByServer && server == .unknown ? Self.replacement : ""
        return (causes + last).replacing("HOST", with: "\(address.host)")
    }

    /// For servers that can't be configured.
    private static let replacement = """
        ; if this server can't do that, serve the site with nginx (`regstatic serve SITE`) or with \
        `python3 SITE/servers/python/serve.py`
        """

    private static let shipped: [ServerKind: String] = [
        .nginx: """
        include SITE/servers/nginx/maps.conf in the http block and SITE/servers/nginx/registry.conf \
        in the server block, whose root must be SITE; then run `nginx -t && nginx -s reload`
        """,
        .apache: """
        Define REGSTATIC_SITE SITE and Include SITE/servers/apache/registry.conf in the virtual host; \
        this file needs the modules rewrite, headers and mime
        """,
        .caddy: """
        in the site block, whose root must be SITE, import SITE/servers/caddy/registry.caddy; don't use \
        encode for /v2
        """,
        .lighttpd: """
        include SITE/servers/lighttpd/registry.conf, which needs mod_magnet, and keep mod_deflate \
        off /v2
        """,
        .python: """
        python's http.server can't do this, so serve the site with \
        `python3 SITE/servers/python/serve.py`
        """,
        .files: """
        it can't do this, so serve the site with nginx (`regstatic serve SITE`) or with \
        `python3 SITE/servers/python/serve.py`
        """,
    ]
}
