// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// A source of the bytes of a file in the store or in its staging folder.
package final class StoredSource: ByteSource {
    private let reader: FileReader

    package init(_ reader: FileReader) { self.reader = reader }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        do { return unsafe try reader.read(into: buffer) } catch { throw .store(error) }
    }
}
