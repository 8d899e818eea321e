// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import CArchive

/// A stream in one of the outer compressions, made by libarchive.
package enum Packed: String, CaseIterable, Sendable {
    case gzip, zstd, xz, bzip2, lz4

    package func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
        guard let archive = archive_write_new() else { preconditionFailure("out of memory") }
        defer { archive_write_free(archive) }
        archive_write_set_format_raw(archive)
        addFilter(archive)
        // No padding to a block of tape.
        archive_write_set_bytes_in_last_block(archive, 1)
        var packed = [UInt8](repeating: 0, count: bytes.count * 2 + 65_536)
        var count = 0
        archive_write_open_memory(archive, &packed, packed.count, &count)
        let entry = archive_entry_new()
        archive_entry_set_filetype(entry, 0o100000)
        archive_write_header(archive, entry)
        precondition(archive_write_data(archive, bytes, bytes.count) == bytes.count)
        archive_entry_free(entry)
        archive_write_close(archive)
        return Array(packed.prefix(count))
    }

    private func addFilter(_ archive: OpaquePointer) {
        switch self {
        case .gzip:
            archive_write_add_filter_gzip(archive)
            // Without the clock: what a test packs twice is the same.
            archive_write_set_filter_option(archive, "gzip", "timestamp", nil)
        case .zstd: archive_write_add_filter_zstd(archive)
        case .xz: archive_write_add_filter_xz(archive)
        case .bzip2: archive_write_add_filter_bzip2(archive)
        case .lz4: archive_write_add_filter_lz4(archive)
        }
    }
}
