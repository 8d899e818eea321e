// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// The beginning of a patch, which says what it needs and what it makes.
///
/// `docs/patch-format.md` describes the format.
package struct PatchHeader: Hashable, Sendable {
    /// The result of the patch, or one of the files that it needs: a raw layer.
    package struct Layer: Hashable, Sendable {
        package let diffID: Digest
        /// Size in bytes.
        package let size: Int

        package init(diffID: Digest, size: Int) {
            self.diffID = diffID
            self.size = size
        }
    }

    /// The limit for the number of bases.
    package static let maximumBases = 16
    /// The limit for the size of the target and of each base, 1 TiB, as for a layer that is
    /// decompressed.
    package static let maximumSize = 1 << 40
    /// The version of the format that this program writes and reads.
    package static let version = 1
    /// The largest size of a header in bytes.
    static let maximumLength = 1024

    private static let magic = Array("rspatch".utf8)

    package let target: Layer
    /// At least one.
    package let bases: [Layer]
    /// The compressed sizes of operations, differences and literals in bytes.
    let streams: [Int]
    /// The size of the header itself in bytes, which is the place of the first stream.
    let length: Int

    /// The size of the whole patch in bytes.
    package var patchSize: Int { length + streams.reduce(0, +) }

    /// - Parameters:
    ///   - target: the result.
    ///   - bases: one to `maximumBases`.
    ///   - streams: three sizes.
    init(target: Layer, bases: [Layer], streams: [Int]) {
        self.target = target
        self.bases = bases
        self.streams = streams
        length = Self.bytes(target, bases, streams: streams).count
    }

    var bytes: [UInt8] { Self.bytes(target, bases, streams: streams) }

    private static func bytes(_ target: Layer, _ bases: [Layer], streams: [Int]) -> [UInt8] {
        var bytes = magic
        PatchNumber.append(version, to: &bytes)
        PatchNumber.append(bases.count, to: &bytes)
        for layer in [target] + bases {
            bytes += layer.diffID.bytes
            PatchNumber.append(layer.size, to: &bytes)
        }
        for size in streams { PatchNumber.append(size, to: &bytes) }
        return bytes
    }

    // MARK: Reading

    /// Reads the header of a patch, and checks that the patch has the size that the header gives.
    ///
    /// - Throws: `PatchError`.
    package init(of patch: some RandomAccess) throws(PatchError) {
        var reader = try HeaderReader(patch)
        guard try reader.bytes(Self.magic.count) == Self.magic else { throw .notAPatch }
        let version = try reader.number()
        guard version == Self.version else { throw .unknownVersion(version) }
        let count = try reader.number()
        guard count > 0 else { throw .damaged(.base) }
        guard count <= Self.maximumBases else {
            throw .limit(.bases, maximum: Self.maximumBases)
        }
        target = try reader.layer()
        var bases: [Layer] = []
        for _ in 0..<count { bases.append(try reader.layer()) }
        self.bases = bases
        var (rest, streams) = (patch.size, [Int]())
        for _ in 0..<3 { streams.append(try reader.number()) }
        (self.streams, length) = (streams, reader.position)
        for size in [length] + streams {
            guard size <= rest else { throw .damaged(.truncated) }
            rest -= size
        }
        guard rest == 0 else { throw .damaged(.trailing) }
    }
}

/// A reader of the first bytes of a patch.
private struct HeaderReader {
    private let head: [UInt8]
    private(set) var position = 0

    init(_ patch: some RandomAccess) throws(PatchError) {
        var head = [UInt8](repeating: 0, count: min(patch.size, PatchHeader.maximumLength))
        do {
            unsafe try head.withUnsafeMutableBufferPointer { (buffer) throws(StreamError) in
                unsafe try patch.read(at: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch { throw .stream(error) }
        self.head = head
    }

    mutating func bytes(_ count: Int) throws(PatchError) -> [UInt8] {
        guard head.count - position >= count else { throw .damaged(.truncated) }
        defer { position += count }
        return Array(head[position..<position + count])
    }

    mutating func number() throws(PatchError) -> Int {
        var start = position
        let number = try PatchNumber.read { () throws(PatchError) in
            guard start < head.count else { throw .damaged(.truncated) }
            start += 1
            return head[start - 1]
        }
        position = start
        return number
    }

    mutating func layer() throws(PatchError) -> PatchHeader.Layer {
        guard let digest = Digest(bytes: try bytes(32)) else { throw .damaged(.truncated) }
        let size = try number()
        guard size <= PatchHeader.maximumSize else {
            throw .limit(.size, maximum: PatchHeader.maximumSize)
        }
        return PatchHeader.Layer(diffID: digest, size: size)
    }
}
