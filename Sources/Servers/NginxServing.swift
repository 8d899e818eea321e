// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import NginxTemplate
package import SiteModel
package import OCI

/// What `serve` changes in the configuration that we ship: where it listens and what it may write.
package struct NginxServing: Sendable {
    /// As nginx's `listen` takes it: `127.0.0.1:5000`, `[::]:443`.
    package let listen: String
    /// Where nginx keeps what it has to write.
    package let temporary: String
    /// Absolute paths; nil for plain HTTP.
    package let certificate: (file: String, key: String)?

    package init(listen: String, temporary: String, certificate: (file: String, key: String)?) {
        self.listen = listen
        self.temporary = temporary
        self.certificate = certificate
    }

    /// The main file among `files`.
    package static let main = "nginx.conf"

    /// All files, for one folder.
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
            ("/tmp/regstatic-nginx-\(certificate == nil ? "http" : "https")", "\(temporary)/nginx"),
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
