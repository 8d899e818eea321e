// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

/// Complete files and links in the staging folder, which `publish` will move to their places in the
/// site.
///
/// Only `add` needs space on the disk. `publish` only renames files, so a full disk can't leave a
/// site with only half of the changes.
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
        var folders = LastFolder(below: store.folder)
        for file in files {
            let (folder, present) = folders.place(of: file.path)
            if try folder.reader(present)?.holds(file.bytes) == true { continue }
            let name = store.stagingName()
            try store.stagingFolder().create(name, file.bytes)
            moves.append(Move(name: name, path: file.path))
        }
    }

    /// Stages links, except those that already have their target.
    package mutating func add(_ links: [LinkContent]) throws(FileError) {
        var folders = LastFolder(below: store.folder)
        for link in links {
            let (folder, present) = folders.place(of: link.path)
            if try folder.linkTarget(present) == link.target { continue }
            let name = store.stagingName()
            try store.stagingFolder().createLink(name, to: link.target)
            moves.append(Move(name: name, path: link.path))
        }
    }

    /// Adds the files and links that another value has staged.
    package mutating func add(_ other: StagedFiles) { moves += other.moves }

    /// The folder of the last file, because thousands of files in a row are in the same folder, and
    /// opening it for each of them takes longer than looking at them.
    private struct LastFolder {
        private let root: Folder
        private var last: (path: Substring, folder: Folder)?

        init(below root: Folder) { self.root = root }

        /// The folder of a file, and the file's path in it.
        mutating func place(of path: String) -> (folder: Folder, path: String) {
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
                return (root, path)
            }
            let parent = path[..<slash]
            if last?.path != parent {
                last = (try? Folder(String(parent), below: root)).map { (parent, $0) }
            }
            // If the folder can't be opened, the full path gives the reason.
            guard let last else { return (root, path) }
            return (last.folder, String(path[slash...].dropFirst()))
        }
    }

    /// Renames everything to its place, in the order in which it was staged.
    ///
    /// - Returns: the number of changed files and links.
    package consuming func publish() throws(FileError) -> Int {
        for move in moves {
            try store.folder.replace(move.path, by: move.name, in: store.stagingFolder())
        }
        return moves.count
    }
}
