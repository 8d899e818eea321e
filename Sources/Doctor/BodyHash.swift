// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// The SHA-256 computation of a body, which the closure that receives the body can share.
final class BodyHash {
    private var hash: SHA256? = SHA256()

    func update(_ bytes: UnsafeRawBufferPointer) { unsafe hash?.update(bytes) }

    /// The digest of all bytes; ends the computation.
    func finish() -> Digest {
        guard let hash = hash.take() else { preconditionFailure("the body was hashed before") }
        return hash.finish()
    }
}
