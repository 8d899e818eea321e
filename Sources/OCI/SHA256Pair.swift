// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CSHA256

/// Two running SHA-256 computations, of a layer and of the blob made from it.
///
/// If the processor has SHA instructions, interleaving the two computations is faster than running
/// them one after the other.
@safe package struct SHA256Pair: ~Copyable {
    private let pair: OpaquePointer

    /// Starts both computations, interleaved if the processor and the caller allow it.
    package init(sideBySide: Bool = true) {
        guard let pair = unsafe rs_sha256_pair_new(sideBySide ? 1 : 0) else {
            preconditionFailure("out of memory")
        }
        unsafe self.pair = pair
    }

    deinit { unsafe rs_sha256_pair_free(pair) }

    /// Adds bytes to both computations; either part may be empty.
    package mutating func update(
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer
    ) {
        unsafe rs_sha256_pair_update(
            pair,
            first.baseAddress,
            first.count,
            second.baseAddress,
            second.count
        )
    }

    /// The digests of all bytes so far; ends both computations.
    package consuming func finish() -> (first: Digest, second: Digest) {
        var first = [UInt8](repeating: 0, count: 32)
        var second = first
        unsafe rs_sha256_pair_finish(pair, &first, &second)
        guard let first = Digest(bytes: first), let second = Digest(bytes: second) else {
            preconditionFailure("32 bytes are a digest")
        }
        return (first, second)
    }
}
