// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension NginxServer {
    /// A web server before another one, with these directives in its `server` block.
    convenience init(_ workspace: Workspace, before directives: String) throws {
        try self.init(workspace) { port in
            """
            daemon off;
            pid nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path body;
                proxy_buffering off;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                server {
                    listen 127.0.0.1:\(port);
                    \(directives)
                }
            }
            """
        }
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
}
