// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Streams

extension StreamFormat {
    /// Decompresses a stream of this format; returns the stream itself if it isn't compressed.
    package func decompressing(
        _ source: any ByteSource,
        ignoringTail: Bool = false
    ) throws(StreamError) -> any ByteSource {
        guard isCompressed else { return source }
        return try BoundedDecoder(source) { (source) throws(StreamError) in
            switch self {
            case .gzip: GzipReader(source, ignoringTail: ignoringTail)
            case .zstd: ZstdReader(source)
            case .bzip2: try ArchiveReader(decompressing: source, .bzip2)
            case .xz: try ArchiveReader(decompressing: source, .xz)
            case .tar, .other: source
            }
        }
    }
}
