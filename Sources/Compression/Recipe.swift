// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// How raw layers become blobs.
///
/// The same recipe makes the same bytes on every machine.
package struct Recipe: Hashable, Sendable {
    package let encoding: LayerEncoding
    /// 1 is fast; more is smaller.
    ///
    /// Meaningless for `.none`.
    package let level: Int

    /// Nil for a level that the encoding doesn't have.
    package init?(_ encoding: LayerEncoding, level: Int? = nil) {
        let level = level ?? Self.defaultLevel(encoding)
        guard Self.levels(encoding).contains(level) else { return nil }
        self.init(valid: encoding, level)
    }

    private init(valid encoding: LayerEncoding, _ level: Int) {
        self.encoding = encoding
        self.level = level
    }

    /// Raw layers stay raw.
    package static let raw = Recipe(valid: .none, 0)

    package static func levels(_ encoding: LayerEncoding) -> ClosedRange<Int> {
        switch encoding {
        case .none: 0...0
        case .gzip: 1...3
        case .zstd: 1...19
        }
    }

    private static func defaultLevel(_ encoding: LayerEncoding) -> Int {
        switch encoding {
        case .none: 0
        case .gzip: 1
        case .zstd: 3
        }
    }

    /// A name for records: whatever changes the bytes changes it.
    package var name: String {
        switch encoding {
        case .none: "none"
        case .gzip: "gzip-\(level)-v\(ChunkEncoder.gzipVersion)"
        case .zstd: "zstd-\(level)-\(ChunkEncoder.zstdVersion)"
        }
    }

    /// Each part of this size is compressed by itself (bytes).
    ///
    /// A constant of the output format: it may never depend on the machine.
    package static let chunkSize = 1 << 20
}
