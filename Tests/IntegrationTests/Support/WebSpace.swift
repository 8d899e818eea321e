// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import TestSupport

/// An Apache of somebody else's, set up for web pages, where a user can change only `.htaccess`.
enum WebSpace {
    static func server(_ workspace: Workspace, site: String) throws -> SiteServer {
        try FileManager.default.copyItem(
            atPath: "\(site)/servers/apache/htaccess",
            toPath: "\(site)/.htaccess"
        )
        let port = try NginxServer.freePort()
        let configuration = configuration(site, port, pidFile: workspace["apache.pid"])
        let file = try workspace.folder.write("web-space.conf", configuration)
        return try SiteServer(
            ["apache2", "-f", file, "-D", "FOREGROUND"],
            workspace,
            Endpoint(host: "127.0.0.1:\(port)", authority: nil)
        )
    }

    /// What hosts have: names guessed, folders listed, answers compressed.
    private static func configuration(_ site: String, _ port: Int, pidFile: String) -> String {
        let modules = [
            "alias", "authz_core", "autoindex", "deflate", "dir", "env", "filter", "headers",
            "mime",
            "mpm_event", "negotiation", "rewrite",
        ]
        let loads = modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so" }
        return loads.joined(separator: "\n") + """

            Listen 127.0.0.1:\(port)
            ServerName localhost
            PidFile \(pidFile)
            ErrorLog /dev/stderr
            TypesConfig /dev/null
            AddType text/html .html
            AddType text/plain .txt
            AddEncoding gzip .gz
            TraceEnable Off
            User #65534
            Group #65534
            DocumentRoot "\(site)"
            <Directory "\(site)">
                AllowOverride All
                Options FollowSymLinks MultiViews Indexes
                Require all granted
            </Directory>
            AddOutputFilterByType DEFLATE text/html text/css text/plain application/json
            AddOutputFilterByType DEFLATE application/octet-stream

            """
    }
}
