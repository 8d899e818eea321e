// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import CZstd
import OCI
import Patches
import Streams
import TestSupport

/// Makes patches between bytes in memory.
enum Patching {
    /// The bytes of a patch; nil if it would be larger than the limit.
    static func make(
        _ target: [UInt8],
        from bases: [[UInt8]],
        threads: Int = 1,
        limit: Int = .max
    ) throws -> [UInt8]? {
        let folder = try TemporaryFolder()
        var files = 0
        func layer(_ bytes: [UInt8]) throws -> PatchEncoder.Layer {
            files += 1
            let file = try MappedFile(path: try folder.write("\(files)", bytes))
            return PatchEncoder.Layer(diffID: Digest(of: bytes), file: file)
        }
        let encoder = PatchEncoder(
            target: try layer(target),
            bases: try bases.map(layer),
            threads: threads
        )
        var patch: [UInt8] = []
        let header = try encoder.make(limit: limit) { patch += $0 }
        return header == nil ? nil : patch
    }

    /// Bytes without a pattern, quickly: more than a part of a large file has.
    static let largeNoise = {
        let count = 17 << 20
        var generator = Generator(seed: 1)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            for place in stride(from: 0, to: count, by: 8) {
                UnsafeMutableRawBufferPointer(buffer)
                    .storeBytes(
                        of: generator.next().littleEndian,
                        toByteOffset: place,
                        as: UInt64.self
                    )
            }
            initialized = count
        }
    }()

    static func apply(_ patch: [UInt8], to bases: [[UInt8]]) throws(PatchError) -> [UInt8] {
        let decoder = try PatchDecoder(MemoryBytes(patch), bases: bases.map { MemoryBytes($0) })
        var target: [UInt8] = []
        try decoder.run { target += $0 }
        return target
    }
}

/// A patch that is written by hand, so that it can break the format.
struct HandMade: Sendable {
    var magic = Array("rspatch\u{1}".utf8)
    var target: Int
    var bases = [[UInt8](0..<200)]
    /// The three streams before they are compressed.
    var operations: [Int]
    var (differences, literals): ([UInt8], [UInt8]) = ([], [])
    /// Replaces compressed streams.
    var compress: @Sendable ([UInt8]) -> [UInt8] = HandMade.zstd
    var trailing: [UInt8] = []

    init(target: Int, _ operations: [Int]) { (self.target, self.operations) = (target, operations) }

    func with(_ change: (inout HandMade) -> Void) -> HandMade {
        var copy = self
        change(&copy)
        return copy
    }

    var bytes: [UInt8] {
        let streams = [operations.flatMap(Self.number), differences, literals].map(compress)
        var bytes = magic + Self.number(bases.count)
        bytes += [UInt8](repeating: 7, count: 32) + Self.number(target)
        for base in bases { bytes += Digest(of: base).bytes + Self.number(base.count) }
        for stream in streams { bytes += Self.number(stream.count) }
        return bytes + streams.joined() + trailing
    }

    func apply() throws(PatchError) -> [UInt8] { try Patching.apply(bytes, to: bases) }

    /// The error of the decoder; nil if it accepts the patch.
    var error: PatchError? {
        do {
            _ = try apply()
            return nil
        } catch { return error }
    }

    static func number(_ number: Int) -> [UInt8] {
        number < 128
            ? [UInt8(number)] : [UInt8(truncatingIfNeeded: number) | 128] + Self.number(number >> 7)
    }

    static func zstd(_ bytes: [UInt8]) -> [UInt8] { zstd(bytes, windowLog: 0) }

    /// Compresses as a stream of unknown length, if a window is given.
    static func zstd(_ bytes: [UInt8], windowLog: Int) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, CInt(windowLog))
        ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, windowLog == 0 ? 1 : 0)
        let count = output.withUnsafeMutableBytes { output in
            bytes.withUnsafeBytes { bytes in
                var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
                if windowLog > 0 {
                    ZSTD_compressStream2(context, &out, &input, ZSTD_e_continue)
                }
                precondition(ZSTD_compressStream2(context, &out, &input, ZSTD_e_end) == 0)
                return out.pos
            }
        }
        return Array(output[..<count])
    }
}

/// The first numbers of operations, as `docs/patch-format.md` has them.
enum Op {
    static func literal(_ length: Int) -> Int { length << 2 }
    static func copy(_ length: Int) -> Int { length << 2 | 1 }
    static func add(_ length: Int) -> Int { length << 2 | 2 }
    static func base(_ number: Int) -> Int { number << 2 | 3 }
}
