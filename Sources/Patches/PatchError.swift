// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// The reason why a patch can't be read or applied.
package enum PatchError: Error, Hashable, Sendable {
    /// The bytes don't begin as a patch does.
    case notAPatch
    /// The patch has a format that this program doesn't know.
    case unknownVersion(Int)
    /// The patch doesn't follow its format.
    case damaged(Damage)
    /// The patch exceeds a limit.
    case limit(Limit, maximum: Int)
    /// A base, counted from 0, doesn't have the size that the patch names, in bytes.
    case wrongBase(Int, size: Int, expected: Int)
    /// The patch or a base can't be read, or the result can't be written.
    case stream(StreamError)

    package enum Damage: Hashable, Sendable {
        /// The patch, or one of its streams, ends too early.
        case truncated
        /// Bytes follow the end of the patch, or of one of its streams.
        case trailing
        /// A number has more than 63 bits, or more bytes than it needs.
        case number
        /// An operation is empty, or makes more than what is left of the target.
        case length
        /// An operation reads outside a base.
        case offset
        /// An operation switches to a base that isn't in the list, or to the present one, or
        /// follows another switch.
        case base
        /// A stream isn't a valid zstd frame; the value is the decoder's message.
        case zstd(String)
    }

    package enum Limit: Hashable, Sendable {
        /// The number of bases.
        case bases
        /// The size of the target or of a base in bytes.
        case size
    }
}
