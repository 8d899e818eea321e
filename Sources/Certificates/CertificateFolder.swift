// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import Store
package import Streams

/// A folder with a CA, a server's certificate and their keys.
package struct CertificateFolder {
    package let folder: Folder

    package enum Name {
        package static let authority = "ca.crt"
        package static let authorityKey = "ca.key"
        /// The chain that the server sends: its own certificate, then the CA.
        package static let server = "registry.crt"
        package static let serverKey = "registry.key"
        static let all = [authority, authorityKey, server, serverKey]
    }

    /// The certificates of a folder, either read or just made.
    package struct Content {
        package let authority: Certificate
        package let server: Certificate
        /// The server's certificate that a renewal replaced.
        package var replaced: Certificate?
    }

    /// Opens an existing folder.
    package init(_ path: String) throws(FileError) {
        folder = try Folder(path, creating: false)
    }

    private init(creating path: String) throws(FileError) {
        folder = try Folder(path, creating: true)
    }

    /// Makes a CA and a server's certificate in a folder that is new or empty.
    package static func make(
        _ path: String,
        for hosts: HostList,
        days: Int,
        now: Timestamp
    ) throws -> Content {
        let target = try CertificateFolder(creating: path)
        target.folder.hold()
        try target.refuseContent()
        let authority = try Authority(for: hosts, now: now)
        return try target.issue(authority, for: hosts, days: days, now: now, isNew: true)
    }

    /// Makes a new certificate and key for the server, signed by the folder's CA.
    ///
    /// If no hosts are given, the new certificate is for the hosts of the old one.
    package func renew(for hosts: HostList?, days: Int, now: Timestamp) throws -> Content {
        folder.hold()
        let authority = try authority()
        guard now <= authority.certificate.end else {
            throw CertificateError.authorityExpired(
                folder.absolute(Name.authority),
                since: authority.certificate.end
            )
        }
        let old = try replaceable(authority.certificate)
        guard let hosts = hosts ?? old.flatMap({ HostList($0.hosts) }) else {
            throw CertificateError.noHosts(folder: folder.path)
        }
        let outside = hosts.hosts.filter { !authority.limits.allow($0) }
        guard outside.isEmpty else {
            throw CertificateError.outsideLimits(
                hosts: outside,
                limits: "\(authority.limits)",
                authority: folder.absolute(Name.authority)
            )
        }
        var content = try issue(authority, for: hosts, days: days, now: now, isNew: false)
        content.replaced = old
        return content
    }

    /// Reads the existing certificates.
    ///
    /// On a server without `ca.crt`, the CA is read from `registry.crt`.
    package func read() throws -> Content {
        let chain = try certificates(Name.server)
        let authority: Certificate
        if try folder.status(Name.authority) != nil {
            authority = try certificates(Name.authority)[0]
        } else if chain.count > 1 {
            authority = chain[1]
        } else {
            throw CertificateError.missing(folder.absolute(Name.authority))
        }
        try check(chain[0], isSignedBy: authority)
        if try folder.status(Name.serverKey) != nil {
            guard chain[0].matches(try key(Name.serverKey)) else {
                throw CertificateError.keyMismatch(
                    key: folder.absolute(Name.serverKey),
                    certificate: folder.absolute(Name.server)
                )
            }
        }
        return Content(authority: authority, server: chain[0])
    }

    // MARK: Reading

    private func authority() throws -> Authority {
        try Authority(
            try certificates(Name.authority)[0],
            try key(Name.authorityKey),
            certificateFile: folder.absolute(Name.authority),
            keyFile: folder.absolute(Name.authorityKey)
        )
    }

    /// Reads the server's certificate, which a renewal replaces together with the key; nil if there
    /// is none.
    ///
    /// Throws an error if another CA signed this certificate, so that regstatic never overwrites
    /// foreign certificates.
    private func replaceable(_ authority: Certificate) throws -> Certificate? {
        let hasKey = try folder.status(Name.serverKey) != nil
        guard try hasKey || folder.status(Name.server) != nil else { return nil }
        let old = try certificates(Name.server)[0]
        try check(old, isSignedBy: authority)
        return old
    }

    private func check(
        _ certificate: Certificate,
        isSignedBy authority: Certificate
    ) throws(CertificateError) {
        guard certificate.isSigned(by: authority) else {
            throw .otherAuthority(
                certificate: folder.absolute(Name.server),
                authority: folder.absolute(Name.authority)
            )
        }
    }

    private func certificates(_ name: String) throws -> [Certificate] {
        try Certificate.all(pem: try bytes(name), file: folder.absolute(name))
    }

    private func key(_ name: String) throws -> PrivateKey {
        try PrivateKey(pem: try bytes(name), file: folder.absolute(name))
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        guard let bytes = try folder.contents(name, limit: Self.sizeLimit) else {
            throw CertificateError.missing(folder.absolute(name))
        }
        return bytes
    }

    /// The maximum size of a file in bytes; even a certificate for 100 hosts has only 30 KB.
    private static let sizeLimit = 1 << 20

    // MARK: Writing

    private func issue(
        _ authority: Authority,
        for hosts: HostList,
        days: Int,
        now: Timestamp,
        isNew: Bool
    ) throws -> Content {
        let (server, key) = try authority.issue(for: hosts, days: days, now: now)
        let ca = try authority.certificate.pem()
        var files = [
            FileContent(Name.serverKey, try key.pem(), isSecret: true),
            FileContent(Name.server, try server.pem() + ca),
        ]
        if isNew {
            // Write ca.crt last, so that all other files exist if ca.crt exists.
            files.append(FileContent(Name.authorityKey, try authority.key.pem(), isSecret: true))
            files.append(FileContent(Name.authority, ca))
        }
        try folder.replace(files)
        return Content(authority: authority.certificate, server: server)
    }

    private func refuseContent() throws {
        let names = try folder.names(in: ".").filter { $0 != "lost+found" }
        guard let first = names.first(where: { !Folder.isLeftOver($0) }) else { return }
        guard names.contains(where: Name.all.contains) else {
            throw CertificateError.notEmpty(folder: folder.path, file: first)
        }
        let old = try? read().server
        throw CertificateError.exists(
            folder: folder.path,
            hosts: (old?.hosts).flatMap(HostList.init(_:))?.description,
            until: old?.end
        )
    }
}
