// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// Bytes that can be read at any place: a patch, or a base.
package protocol RandomAccess: AnyObject {
    /// The number of bytes.
    var size: Int { get }

    /// Fills the buffer with the bytes from `offset` on, which are all within `size`.
    ///
    /// - Throws: `StreamError`; `.truncated` if the bytes end earlier than `size` says.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StreamError)
}

/// Gets bytes in order, part by part.
package typealias ByteSink = (UnsafeRawBufferPointer) throws(StreamError) -> Void
