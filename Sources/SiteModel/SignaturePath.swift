// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// Paths of signatures in a site.
///
/// A signature covers the bytes of index.json, from which every byte of the site follows. Its name is
/// the digest of these bytes. So a signature of another version of the site is only a file without a
/// use, and never looks like a forgery.
package enum SignaturePath {
    package static let folder = "signatures"
    private static let suffix = ".sig"

    /// The path of the signature of an index.json with this digest.
    package static func of(_ index: Digest) -> String { "\(folder)/\(index.hex)\(suffix)" }

    /// Whether a path is that of a signature of any version.
    package static func isSignature(_ path: String) -> Bool {
        guard path.hasPrefix("\(folder)/"), path.hasSuffix(suffix) else { return false }
        return Digest(hex: path.dropFirst(folder.count + 1).dropLast(suffix.count)) != nil
    }
}
