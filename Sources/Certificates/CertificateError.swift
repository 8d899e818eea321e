// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The reason why certificates can't be made, renewed or shown.
package enum CertificateError: Error, Hashable, Sendable {
    /// The folder already has certificates; `hosts` and `until` belong to the server's certificate,
    /// if it is readable.
    case exists(folder: String, hosts: String?, until: Timestamp?)
    /// The folder has files, but no certificates or keys.
    case notEmpty(folder: String, file: String)
    /// A required file is missing.
    case missing(String)
    /// The content of a file doesn't match its name.
    case unreadable(String, reason: String)
    /// A CA that regstatic didn't make; regstatic doesn't know for which hosts such a CA may sign.
    case foreign(String)
    /// A server's certificate was given, but clients need the certificate of the CA.
    case notAnAuthority(String)
    /// The key doesn't belong to the certificate.
    case keyMismatch(key: String, certificate: String)
    /// A server certificate that another CA signed.
    case otherAuthority(certificate: String, authority: String)
    case authorityExpired(String, since: Timestamp)
    /// Hosts that the CA's own limits exclude.
    case outsideLimits(hosts: [Host], limits: String, authority: String)
    /// The user gave no hosts, and the folder has no old certificate with hosts.
    case noHosts(folder: String)
    /// A call to libcrypto failed.
    case library(operation: String, reason: String)
}
