// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

/// Files and links that are complete in the staging folder and wait for their places in the site.
///
/// Everything that needs space happens in `add`. `publish` only renames, so a full disk can't leave
/// a half-changed site.
package struct StagedFiles {
    private struct Move {
        /// The number of the temporary file.
        let number: Int
        let path: String
        /// Whether a folder is in the place of the file.
        let isBlocked: Bool
    }

    private let store: BlobStore
    private var moves: [Move] = []

    package init(_ store: BlobStore) {
        self.store = store
    }

    package var count: Int { moves.count }

    /// Stages files, except those that already have their content.
    ///
    /// The folders of the files must exist.
    package mutating func add(_ files: [FileContent]) throws(FileError) {
        for file in files where try !store.folder.holds(file) {
            let move = try move(to: file.path)
            try store.folder.create(BlobStore.stagingPath(move.number), file.bytes)
            moves.append(move)
        }
    }

    /// Stages links, except those that already have their target.
    package mutating func add(_ links: [LinkContent]) throws(FileError) {
        for link in links where try store.folder.linkTarget(link.path) != link.target {
            let move = try move(to: link.path)
            try store.folder.createLink(
                BlobStore.stagingPath(move.number),
                to: link.target
            )
            moves.append(move)
        }
    }

    /// Adds what another value has staged.
    package mutating func add(_ other: StagedFiles) { moves += other.moves }

    private func move(to path: String) throws(FileError) -> Move {
        let isBlocked = try store.folder.status(path) == .folder
        return Move(number: store.stagingNumber(), path: path, isBlocked: isBlocked)
    }

    /// Renames everything to its place, in the order in which it was staged.
    ///
    /// - Returns: how many files and links changed.
    package consuming func publish() throws(FileError) -> Int {
        let folder = store.folder
        for move in moves {
            if move.isBlocked { folder.removeTree(move.path) }
            try folder.rename(BlobStore.stagingPath(move.number), to: move.path)
        }
        return moves.count
    }
}
