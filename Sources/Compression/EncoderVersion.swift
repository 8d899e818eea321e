// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CZstd

/// The versions of the encoders.
///
/// A different version may produce different bytes for the same layer.
enum EncoderVersion {
    /// The version of regstatic's own compressor; change it whenever the compressor's output
    /// changes.
    static let gzip = 3
    /// The version of libzstd, such as 1.5.4.
    static var zstd: String { unsafe String(cString: ZSTD_versionString()) }
}
