// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

/// The streams of a patch, in the order of the file.
package enum PatchStream: Int, CaseIterable, Sendable {
    case operations, differences, literals
}

/// A place for the three streams of a patch until their sizes are known.
package protocol PatchScratch: AnyObject {
    /// Adds bytes to the end of a stream.
    func append(_ bytes: UnsafeRawBufferPointer, to stream: PatchStream) throws(StreamError)

    /// Passes all bytes of a stream on, in order.
    func copy(
        _ stream: PatchStream,
        to sink: ByteSink
    ) throws(StreamError)
}

/// A place in memory, for patches whose size has a limit.
package final class MemoryScratch: PatchScratch {
    private var streams = [[UInt8]](repeating: [], count: PatchStream.allCases.count)

    package init() {}

    package func append(
        _ bytes: UnsafeRawBufferPointer,
        to stream: PatchStream
    ) throws(StreamError) {
        unsafe streams[stream.rawValue].append(contentsOf: bytes)
    }

    package func copy(
        _ stream: PatchStream,
        to sink: ByteSink
    ) throws(StreamError) {
        unsafe try streams[stream.rawValue]
            .withUnsafeBufferPointer { (bytes) throws(StreamError) in
                unsafe try sink(UnsafeRawBufferPointer(bytes))
            }
    }
}
