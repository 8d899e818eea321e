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
        let name: String
        let path: String
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
            let name = store.stagingName()
            try store.stagingFolder().create(name, file.bytes)
            moves.append(Move(name: name, path: file.path))
        }
    }

    /// Stages links, except those that already have their target.
    package mutating func add(_ links: [LinkContent]) throws(FileError) {
        for link in links where try store.folder.linkTarget(link.path) != link.target {
            let name = store.stagingName()
            try store.stagingFolder().createLink(name, to: link.target)
            moves.append(Move(name: name, path: link.path))
        }
    }

    /// Adds what another value has staged.
    package mutating func add(_ other: StagedFiles) { moves += other.moves }

    /// Renames everything to its place, in the order in which it was staged.
    ///
    /// - Returns: how many files and links changed.
    package consuming func publish() throws(FileError) -> Int {
        for move in moves {
            try store.folder.replace(move.path, by: move.name, in: store.stagingFolder())
        }
        return moves.count
    }
}
