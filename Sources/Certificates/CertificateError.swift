// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Why certificates can't be made, renewed or shown.
package enum CertificateError: Error, Hashable, Sendable {
    /// The folder has certificates already; until when the server's is valid, if it can be read.
    case exists(folder: String, hosts: String?, until: Timestamp?)
    /// The folder has other files.
    case notEmpty(folder: String, file: String)
    /// A file that is needed isn't there.
    case missing(String)
    /// A file that isn't what its name says.
    case unreadable(String, reason: String)
    /// A CA that regstatic didn't make: what it may sign is not known.
    case foreign(String)
    /// A certificate that a server shows, where a client needs whom to trust.
    case notAnAuthority(String)
    /// The key is not the certificate's.
    case keyMismatch(key: String, certificate: String)
    /// A server certificate that another CA signed.
    case otherAuthority(certificate: String, authority: String)
    case authorityExpired(String, since: Timestamp)
    /// Hosts that the CA's own limits exclude.
    case outsideLimits(hosts: [Host], limits: String, authority: String)
    /// Nothing says which hosts the new certificate is for.
    case noHosts(folder: String)
    /// libcrypto can't do what it should.
    case library(operation: String, reason: String)
}
