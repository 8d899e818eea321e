// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import CZstd
import Glibc
import OCI
import Streams

@testable import Patches

/// A patch: whatever its bytes are, the decoder makes a target of the given size or throws; and what the
/// encoder makes of two files makes one of them from the other.
enum PatchTarget {
    static func run(_ bytes: [UInt8], _ options: Int) {
        switch options & 3 {
        case 0: makeAndApply(bytes, options)
        case 1, 2: applyStreams(bytes, options)
        default: apply(bytes)
        }
    }

    private static let limit = 1 << 20
    private static let window = 100

    // MARK: Decoder

    /// The input is a whole patch.
    private static func apply(_ bytes: [UInt8]) {
        guard let header = try? PatchHeader(of: MemoryBytes(bytes)) else { return }
        expect(header.bytes == Array(bytes.prefix(header.length)), "a header has two forms")
        guard header.bases.allSatisfy({ $0.size <= limit }) else { return }
        decode(bytes, header.bases.map { base($0.size) }, header.target.size)
    }

    /// The input is the content of the three streams, which it is easier to change than frames.
    private static func applyStreams(_ bytes: [UInt8], _ options: Int) {
        let lengths = bytes.prefix(4).map(Int.init)
        guard lengths.count == 4 else { return }
        let rest = bytes.dropFirst(4)
        let operations = rest.prefix(lengths[0])
        let differences = rest.dropFirst(lengths[0]).prefix(lengths[1])
        let literals = rest.dropFirst(lengths[0] + lengths[1])
        let streams = [operations, differences, literals].map { zstd(Array($0)) }
        let bases = (0...(options >> 2 & 3)).map { base(lengths[3] * (1 + 900 * $0)) }
        let target = lengths[2] * (options & 64 == 0 ? 1 : 4000)
        let header = PatchHeader(
            target: layer(target),
            bases: bases.map { layer($0.count) },
            streams: streams.map(\.count)
        )
        decode(header.bytes + streams.joined(), bases, target)
    }

    private static func decode(_ patch: [UInt8], _ bases: [[UInt8]], _ size: Int) {
        var made = 0
        var areOperationsValid = false
        do throws(PatchError) {
            let file = MemoryBytes(patch)
            let header = try PatchHeader(of: file)
            let reads = try? BaseReads.all(of: file, header, window: window)
            areOperationsValid = reads != nil
            let decoder = try PatchDecoder(
                file,
                bases: bases.enumerated()
                    .map { WatchedBase($1, reads: reads?[$0], window: window) }
            )
            try decoder.run { (part) throws(StreamError) in
                expect(part.count <= PatchDecoder.chunkSize, "a part is too large")
                made += part.count
                expect(made <= size, "more than the target has")
                if made > limit { throw .truncated }
            }
            expect(made == size, "less than the target has")
            expect(areOperationsValid, "operations that aren't valid")
        } catch { return }
    }

    private static func base(_ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
    }

    private static func layer(_ size: Int) -> PatchHeader.Layer {
        PatchHeader.Layer(diffID: Digest(of: []), size: size)
    }

    private static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 1)
        return Array(output[..<count])
    }

    // MARK: Encoder

    /// The input is an old file, two bytes with its length, and changes that make the new file.
    private static func makeAndApply(_ bytes: [UInt8], _ options: Int) {
        guard bytes.count > 2 else { return }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        let old = Array(bytes.dropFirst(2).prefix(length))
        let rest = Array(bytes.dropFirst(2 + length))
        let new = options & 4 == 0 ? rest : edited(old, rest)
        let bases = options & 8 == 0 ? [old] : [rest, old]
        let patch = make(new, bases, threads: 1)
        var made: [UInt8] = []
        do throws(PatchError) {
            let decoder = try PatchDecoder(MemoryBytes(patch), bases: bases.map { MemoryBytes($0) })
            try decoder.run { made += $0 }
        } catch { fatalError("a patch can't be applied: \(error)") }
        expect(made == new, "another target")
        if options & 16 != 0 {
            expect(make(new, bases, threads: 3) == patch, "the threads matter")
        }
    }

    /// Each change is a place, a count, and what happens there.
    private static func edited(_ old: [UInt8], _ changes: [UInt8]) -> [UInt8] {
        var new = old
        var rest = changes[...]
        while rest.count >= 4, !new.isEmpty, new.count < limit {
            let numbers = rest.prefix(4).map(Int.init)
            rest = rest.dropFirst(4)
            let start = (numbers[0] << 8 | numbers[1]) % new.count
            let end = min(new.count, start + numbers[2])
            switch numbers[3] & 3 {
            case 0: new.removeSubrange(start..<end)
            case 1: new.insert(contentsOf: new[start..<end], at: new.count / 2)
            case 2: for index in start..<end { new[index] &+= UInt8(numbers[3]) }
            default:
                new.insert(contentsOf: rest.prefix(numbers[2]), at: start)
                rest = rest.dropFirst(numbers[2])
            }
        }
        return new
    }

    private static func make(_ target: [UInt8], _ bases: [[UInt8]], threads: Int) -> [UInt8] {
        func layer(_ bytes: [UInt8]) -> PatchEncoder.Layer {
            PatchEncoder.Layer(diffID: Digest(of: bytes), file: mapped(bytes))
        }
        let encoder = PatchEncoder(
            target: layer(target),
            bases: bases.map(layer),
            threads: threads
        )
        var patch: [UInt8] = []
        do throws(StreamError) {
            let header = try encoder.make { patch += $0 }
            expect(header?.patchSize == patch.count, "a header with another size")
        } catch { fatalError("no patch: \(error)") }
        return patch
    }

    /// A file without a name.
    private static func mapped(_ bytes: [UInt8]) -> MappedFile {
        var name = Array("/tmp/regstatic-fuzz-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        expect(descriptor >= 0 && unlink(name) == 0, "no temporary file")
        defer { close(descriptor) }
        expect(write(descriptor, bytes, bytes.count) == bytes.count, "a file isn't written")
        do throws(StreamError) { return try MappedFile(descriptor: descriptor) } catch {
            fatalError("a file isn't mapped: \(error)")
        }
    }
}

/// A base that is read as `BaseReads` found before.
private final class WatchedBase: RandomAccess {
    private let bytes: MemoryBytes
    /// Nil if they aren't known.
    private let reads: BaseReads?
    private let window: Int
    private var position = 0

    var size: Int { bytes.size }

    init(_ bytes: [UInt8], reads: BaseReads?, window: Int) {
        (self.bytes, self.reads, self.window) = (MemoryBytes(bytes), reads, window)
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) {
        guard let reads else { return try bytes.read(at: offset, into: buffer) }
        let end = offset + buffer.count
        let passed = min(end, position - window)
        if offset < passed {
            let isKnown = reads.late.contains { $0.lowerBound <= offset && passed <= $0.upperBound }
            expect(isKnown, "a late read that wasn't found")
        }
        position = max(position, end)
        expect(position <= reads.end, "more is read than was found")
        try bytes.read(at: offset, into: buffer)
    }
}
