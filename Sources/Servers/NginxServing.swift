// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import NginxTemplate
package import SiteModel
package import OCI

/// The values that `serve` puts into the site's nginx configuration: address, folders, certificate
/// and log.
package struct NginxServing: Sendable {
    /// The address in the form of nginx's `listen`: `127.0.0.1:5000`, `[::]:443`.
    package let listen: String
    /// The folder in which nginx writes its files.
    package let temporary: String
    /// The absolute paths of the certificate and its key; nil for plain HTTP.
    package let certificate: (file: String, key: String)?

    package init(listen: String, temporary: String, certificate: (file: String, key: String)?) {
        self.listen = listen
        self.temporary = temporary
        self.certificate = certificate
    }

    /// The name of the main file among `files`.
    package static let main = "nginx.conf"

    /// Returns all files; they must be in the same folder.
    package func files(_ layout: SiteLayout) -> [FileContent] {
        let template = certificate == nil ? "http.conf" : "https.conf"
        return Nginx.files(layout)
            .compactMap { file in
                let name = String(file.path.dropFirst(Nginx.folder.count + 1))
                if name == template { return FileContent(Self.main, Array(adapt(file).utf8)) }
                return name.hasPrefix("http") ? nil : FileContent(name, file.bytes)
            }
    }

    private func adapt(_ file: FileContent) -> String {
        var text = String(decoding: file.bytes, as: UTF8.self)
        for (old, new) in changes {
            precondition(text.contains(old), "nginx's template has no \(old)")
            text = text.split(separator: old, omittingEmptySubsequences: false)
                .joined(separator: new)
        }
        return text
    }

    private var changes: [(String, String)] {
        let common = [
            (
                "/var/run/regstatic-nginx-http\(certificate == nil ? "" : "s")",
                "\(temporary)/nginx"
            ),
            ("access_log off;", "access_log /dev/stderr;"),
        ]
        guard let certificate else {
            return common + [("listen 5000;", "listen \(listen);")]
        }
        return common + [
            ("listen 443 ssl;", "listen \(listen) ssl;"),
            ("/etc/regstatic/registry.crt", Self.quoted(certificate.file)),
            ("/etc/regstatic/registry.key", Self.quoted(certificate.key)),
        ]
    }

    private static func quoted(_ path: String) -> String {
        path.reduce(into: "\"") { text, character in
            if #"\""#.contains(character) { text.append("\\") }
            text.append(character)
        } + "\""
    }
}
