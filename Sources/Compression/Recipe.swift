// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The encoding and level with which raw layers become blobs.
///
/// The same recipe makes the same bytes on every machine.
package struct Recipe: Hashable, Sendable {
    package let encoding: LayerEncoding
    /// The compression level: 1 is the fastest, and higher levels give smaller blobs.
    ///
    /// It has no meaning for `.none`.
    package let level: Int

    /// Returns nil if the encoding doesn't have this level.
    package init?(_ encoding: LayerEncoding, level: Int? = nil) {
        let level = level ?? Self.defaultLevel(encoding)
        guard Self.levels(encoding).contains(level) else { return nil }
        self.init(valid: encoding, level)
    }

    private init(valid encoding: LayerEncoding, _ level: Int) {
        self.encoding = encoding
        self.level = level
    }

    /// The recipe that keeps raw layers unchanged.
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

    /// The recipe's name in records and output, which changes whenever the output bytes may change.
    ///
    /// It has the encoding, the level and the version of the encoder, such as `gzip-1-v3` or
    /// `zstd-3-1.5.4`.
    package var name: String {
        switch encoding {
        case .none: "none"
        case .gzip: "gzip-\(level)-v\(EncoderVersion.gzip)"
        case .zstd: "zstd-\(level)-\(EncoderVersion.zstd)"
        }
    }

    /// The recipe with a name that this regstatic gives; nil if it has no such encoder.
    package init?(named name: String) {
        let all = LayerEncoding.allCases.flatMap { encoding in
            Self.levels(encoding).map { Recipe(valid: encoding, $0) }
        }
        guard let recipe = all.first(where: { $0.name == name }) else { return nil }
        self = recipe
    }

    /// The encoder with its version, which is one of `encoders` unless the encoding is `.none`.
    package var encoder: String {
        switch encoding {
        case .none: "none"
        case .gzip: "gzip-v\(EncoderVersion.gzip)"
        case .zstd: "zstd-\(EncoderVersion.zstd)"
        }
    }

    /// The encoders of this regstatic with their versions, such as `gzip-v3` and `zstd-1.5.4`.
    ///
    /// Another regstatic makes the same layer only if it has the same encoder.
    package static var encoders: [String] {
        ["gzip-v\(EncoderVersion.gzip)", "zstd-\(EncoderVersion.zstd)"]
    }

    /// The size in bytes of the chunks of a layer, each of which is compressed separately.
    ///
    /// The size determines the output bytes, so it must never depend on the machine.
    package static let chunkSize = 1 << 20
}
