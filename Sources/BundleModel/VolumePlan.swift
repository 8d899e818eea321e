// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The distribution of a bundle's content over volumes of a limited size.
package struct VolumePlan: Sendable {
    /// A blob or patch in a volume, or a piece of one.
    package struct Part: Hashable, Sendable {
        package let content: Digest
        /// The number of the piece, from 0; nil if the part is the whole content.
        package let piece: Int?
        /// Size in bytes.
        package let size: Int
    }

    /// The parts of each volume.
    package private(set) var volumes: [[Part]] = [[]]

    /// Distributes the content of a bundle over volumes of at most `limit` bytes, of which the documents
    /// that each volume has take `overhead` bytes.
    ///
    /// - Throws: `VolumeError`.
    package init(
        _ contents: [BundleDocument.Content],
        limit: Int,
        overhead: Int
    ) throws(VolumeError) {
        let fixed = overhead + Self.end
        let least = Self.size(Self.minimumRoom)
        guard limit - fixed >= least else { throw .tooSmall(minimum: fixed + least) }
        let room = limit - fixed
        var left = room
        for content in contents {
            // Small content stays whole, because a piece isn't useful by itself.
            let isWhole = Self.size(content.size) <= left
            if isWhole || content.size <= Self.minimumRoom {
                if !isWhole { begin(&left, room) }
                add(Part(content: content.digest, piece: nil, size: content.size), &left)
                continue
            }
            var rest = content.size
            var piece = 0
            while rest > 0 {
                if left < Self.blockSize + min(rest, Self.minimumRoom) { begin(&left, room) }
                let free = (left - Self.blockSize) / Self.blockSize * Self.blockSize
                let size = min(rest, BundleDocument.pieceSize, free)
                add(Part(content: content.digest, piece: piece, size: size), &left)
                rest -= size
                piece += 1
            }
        }
        guard volumes.count <= BundleDocument.maximumVolumes else {
            throw .tooMany(volumes.count)
        }
    }

    /// Begins the next volume.
    private mutating func begin(_ left: inout Int, _ room: Int) {
        volumes.append([])
        left = room
    }

    private mutating func add(_ part: Part, _ left: inout Int) {
        volumes[volumes.count - 1].append(part)
        left -= Self.size(part.size)
    }

    /// The maximum number of parts that the content can have.
    package static func maximumParts(of contents: [BundleDocument.Content], limit: Int) -> Int {
        // Each volume adds at most one piece that is smaller than the others.
        let pieceSize = max(minimumRoom, min(BundleDocument.pieceSize, limit / 2))
        return contents.reduce(0) { $0 + 2 + 2 * ($1.size / pieceSize) }
    }

    /// The size in a tar, in bytes: a header, and the content up to a full block.
    private static func size(_ content: Int) -> Int {
        blockSize + (content + blockSize - 1) / blockSize * blockSize
    }

    private static let blockSize = 512
    /// The end mark of a tar.
    private static let end = 2 * blockSize
    /// The least size of a piece that another one follows, in bytes.
    private static let minimumRoom = 1 << 20
}

/// The reason why a bundle can't be written as volumes of a size.
package enum VolumeError: Error, Hashable, Sendable {
    /// The documents alone don't leave enough room; the least size is in bytes.
    case tooSmall(minimum: Int)
    case tooMany(Int)
}
