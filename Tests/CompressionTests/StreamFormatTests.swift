// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import Streams
import Testing
import TestSupport

private func sniff(_ bytes: [UInt8]) -> StreamFormat {
    bytes.withUnsafeBytes { StreamFormat(sniffing: $0) }
}

private func header(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var bytes = Array(TarBuilder.tar([.file("a", "x")]).prefix(512))
    change(&bytes)
    return bytes
}

@Suite struct StreamFormatTests {
    @Test(
        arguments: [
            (StreamFormat.gzip, [0x1F, 0x8B, 8, 0]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD, 0]),
            (.bzip2, Array("BZh9".utf8)), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]),
            (.lz4, [0x04, 0x22, 0x4D, 0x18]), (.lz4, [0x02, 0x21, 0x4C, 0x18]),
            (.zstd, [0x50, 0x2A, 0x4D, 0x18]), (.zstd, [0x5F, 0x2A, 0x4D, 0x18, 1, 0, 0, 0]),
            (.other, [0x60, 0x2A, 0x4D, 0x18]), (.other, [0x50, 0x2A, 0x4D]),
            // lz4 has the same skippable frames: what follows them decides.
            (.lz4, [0x51, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9, 0x04, 0x22, 0x4D, 0x18]),
            (.zstd, [0x51, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9, 0x28, 0xB5, 0x2F, 0xFD]),
            (.zstd, [0x51, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF]),
            (.other, []), (.other, [0x1F]), (.other, [0x1F, 0x8B]), (.other, [0x1F, 0x9D, 0x90]),
            (.other, Array("{\"schemaVersion\":2}".utf8)), (.other, Array("PK\u{3}\u{4}".utf8)),
            (.other, [UInt8](repeating: 0, count: 511)), (.other, [0x28, 0xB5, 0x2F]),
        ] as [(StreamFormat, [UInt8])]
    )
    func magics(_ format: StreamFormat, _ bytes: [UInt8]) { #expect(sniff(bytes) == format) }

    @Test func tars() {
        #expect(sniff(header()) == .tar)
        #expect(sniff(TarBuilder.tar([])) == .tar)
        #expect(sniff(TarBuilder.tar([.folder("d")])) == .tar)
        #expect(sniff(TarBuilder.tar([.file(String(repeating: "n", count: 200), "")])) == .tar)
        #expect(sniff([UInt8](repeating: 0, count: 512)) == .tar)
    }

    @Test func damagedHeadersAreNoTars() {
        #expect(sniff(header { $0[0] ^= 1 }) == .other)
        #expect(sniff(header { $0[148] = UInt8(ascii: "7") }) == .other)
        #expect(sniff(header { $0[148..<156] = [32, 32, 32, 32, 32, 32, 32, 32] }) == .other)
        #expect(sniff(Array(header().prefix(511))) == .other)
        #expect(sniff([UInt8](repeating: 1, count: 512)) == .other)
        #expect(sniff(Generator.noise(512)) == .other)
    }

    /// Spellings of the sum that tar writers use.
    @Test(arguments: ["%6\u{0} ", " %5 \u{0}", "%7\u{0}", "  %5\u{0}", "%6 \u{0}"])
    func sumsMayBeSpelledInManyWays(_ pattern: String) {
        let plain = header()
        let sum = Int(String(decoding: plain[148..<154], as: UTF8.self), radix: 8) ?? 0
        let digits = String(sum, radix: 8)
        var text = pattern
        for width in 5...7 {
            let padding = String(repeating: "0", count: max(0, width - digits.count))
            text = text.split(separator: "%\(width)", omittingEmptySubsequences: false)
                .joined(separator: padding + digits)
        }
        let field = Array(text.utf8).prefix(8)
        #expect(
            sniff(header { $0.replaceSubrange(148..<(148 + field.count), with: field) }) == .tar
        )
    }

    @Test func namesOfEncodings() {
        #expect(StreamFormat.tar.layerEncoding == LayerEncoding.none)
        #expect(StreamFormat.gzip.layerEncoding == .gzip)
        #expect(StreamFormat.zstd.layerEncoding == .zstd)
        for format in [StreamFormat.xz, .bzip2, .lz4, .other] {
            #expect(format.layerEncoding == nil)
        }
        for format in [StreamFormat.xz, .bzip2, .gzip, .zstd, .lz4] { #expect(format.isCompressed) }
        for format in [StreamFormat.tar, .other] { #expect(!format.isCompressed) }
    }
}
