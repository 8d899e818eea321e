// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension NginxServer {
    /// A web server before another one, with these directives in its `server` block.
    convenience init(_ workspace: Workspace, before directives: String) throws {
        try self.init(workspace, http: "proxy_buffering off;", server: directives)
    }

    /// The same registry as one that has no API for referrers.
    convenience init(withoutReferrersInFrontOf registry: Endpoint, _ workspace: Workspace) throws {
        try self.init(
            workspace,
            before: """
                location ~ /referrers/ { return 404; }
                location / { proxy_pass \(registry.url); }
                """
        )
    }

    /// An nginx whose other settings are those of a busy web server, with a site's files included.
    convenience init(_ workspace: Workspace, tuned site: String) throws {
        try self.init(
            workspace,
            http: """
                gzip on;
                gzip_types *;
                gzip_min_length 1;
                open_file_cache max=1000 inactive=60s;
                open_file_cache_valid 60s;
                open_file_cache_errors on;
                include \(site)/servers/nginx/maps.conf;
                """,
            server: "root \(site); include \(site)/servers/nginx/registry.conf;"
        )
    }

    /// A server with these directives in its `http` and `server` blocks.
    private convenience init(_ workspace: Workspace, http: String, server: String) throws {
        try self.init(workspace) { port in
            """
            daemon off;
            pid nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                \(http)
                server {
                    listen 127.0.0.1:\(port);
                    \(server)
                }
            }
            """
        }
    }
}
