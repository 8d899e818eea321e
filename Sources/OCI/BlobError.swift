// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A missing blob, or one whose bytes don't match its name.
package enum BlobError: Error, Hashable, Sendable {
    case missing(Digest)
    case mismatch(expected: Digest, found: Digest)
    case size(Digest, expected: Int, found: Int)
    case tooLarge(Digest, limit: Int)
}
