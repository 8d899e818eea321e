// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

extension StreamFormat {
    /// Creates the stream format of a layer with this encoding.
    package init(_ encoding: LayerEncoding) {
        switch encoding {
        case .none: self = .tar
        case .gzip: self = .gzip
        case .zstd: self = .zstd
        }
    }

    /// The layer encoding with this format; nil for a format that registries don't know.
    package var layerEncoding: LayerEncoding? {
        switch self {
        case .tar: LayerEncoding.none
        case .gzip: .gzip
        case .zstd: .zstd
        case .bzip2, .xz, .lz4, .other: nil
        }
    }
}
