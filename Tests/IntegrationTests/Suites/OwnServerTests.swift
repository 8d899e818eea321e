// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

// A site in a server block of one's own, beside other things, under settings that were made for
// web pages.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl))
    struct OwnServerTests {
        @Test func settingsForPagesDoNotReachTheRegistry() throws {
            let workspace = try Workspace()
            try workspace.build([Fixture.docker20Many, Fixture.attested], into: "my site")
            try workspace.folder.makeLink("current", to: "my site")
            try workspace.folder.write("pages/page.html", "<p>mine")
            let server = try NginxServer(workspace) { port in
                Self.configuration(workspace, site: workspace["current"], port: port)
            }
            defer { server.stop() }
            let client = HTTPClient(workspace, server.endpoint)
            let registry = Registry(client)
            for (name, tag) in [("zoo/hello", "3"), ("acme/tool", "1.0.html"), ("zoo/multi", "1")] {
                try registry.fetchAll(name, tag)
            }
            let encodings = "Accept-Encoding: zstd, gzip, deflate"
            let absent = "sha256:" + String(repeating: "0", count: 64)
            for path in [
                "", "_catalog", "zoo/hello/tags/list", "zoo/multi/manifests/1",
                "zoo/hello/referrers/\(absent)",
            ] {
                let answer = try client.get("/v2/\(path)", encodings)
                #expect(answer.status == 200)
                #expect(answer["content-encoding"] == nil)
                #expect(answer["content-type"]?.contains("charset") == false, "\(path)")
            }
            #expect(try client.get("/v2/zoo/").status == 404)
            #expect(try client.get("/v2/zoo/").text.contains("NAME_UNKNOWN"))
            #expect(try client.send("PUT", "/v2/zoo/hello/manifests/1").status == 405)
            #expect(try client.get("/page.html").text == "<p>mine")
        }

        private static func configuration(_ workspace: Workspace, site: String, port: Int)
            -> String
        {
            """
            daemon off;
            error_log stderr;
            pid \(workspace["pid"]);
            events {}
            http {
                include "\(site)/servers/nginx/maps.conf";
                types { text/html html; application/json json; }
                default_type text/html;
                charset utf-8;
                charset_types *;
                gzip on;
                gzip_types *;
                gzip_min_length 1;
                autoindex on;
                access_log off;
                add_header X-Frame-Options deny;
                client_body_temp_path \(workspace["body"]);
                proxy_temp_path \(workspace["proxy"]);
                fastcgi_temp_path \(workspace["fastcgi"]);
                uwsgi_temp_path \(workspace["uwsgi"]);
                scgi_temp_path \(workspace["scgi"]);
                server {
                    listen 127.0.0.1:\(port);
                    root "\(site)";
                    error_page 404 /missing.html;
                    gzip on;
                    location ~ \\.html$ {
                        root "\(workspace["pages"])";
                    }
                    location ~ /sha256 {
                        deny all;
                    }
                    include "\(site)/servers/nginx/registry.conf";
                }
            }
            """
        }
    }
}
