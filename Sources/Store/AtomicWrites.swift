// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Streams

// A reader sees either the old file or the new file, never a partial file, because every file is
// written under a temporary name and then renamed.
extension Folder {
    /// Writes files, except those that already exist with the same content.
    ///
    /// The folders of the files must exist.
    ///
    /// - Returns: the number of files that were written.
    @discardableResult
    package func write(_ files: [FileContent], flushing: Bool = true) throws(FileError) -> Int {
        var changed: [FileContent] = []
        for file in files where try !holds(file) { changed.append(file) }
        guard !changed.isEmpty else { return 0 }
        for (index, file) in changed.enumerated() {
            try remove(Self.temporary(index))
            try create(Self.temporary(index), file.bytes)
        }
        if flushing { try flush() }
        for (index, file) in changed.enumerated() {
            try rename(Self.temporary(index), to: file.path)
        }
        return changed.count
    }

    /// Moves a file to its place in one step, and replaces whatever is there.
    package func move(_ from: String, to relative: String) throws(FileError) {
        try replace(relative, by: from, in: self)
    }

    /// Makes the folders that contain these paths.
    package func makeFolders(holding paths: [String]) throws(FileError) {
        var folders: Set<Substring> = []
        for path in paths {
            if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
                folders.insert(path[..<slash])
            }
        }
        for path in folders.sorted() { try makeFolders(String(path)) }
    }

    /// Removes the files that exist.
    ///
    /// - Returns: the number of files that were removed.
    package func remove(present paths: [String]) throws(FileError) -> Int {
        var count = 0
        for path in paths where try status(path) != nil {
            try remove(path)
            count += 1
        }
        return count
    }

    /// Removes files, and then the folders that became empty, except folders at the top of this
    /// folder.
    ///
    /// - Returns: the number of removed files.
    package func removeEmptying(_ paths: [String]) throws(FileError) -> Int {
        let count = try remove(present: paths)
        for path in paths {
            var folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
            while folder.contains("/"), removeFolder(String(folder)) {
                folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
            }
        }
        return count
    }

    func holds(_ file: FileContent) throws(FileError) -> Bool {
        try reader(file.path)?.holds(file.bytes) ?? false
    }

    /// A path in the staging folder, which the next run empties.
    private static func temporary(_ index: Int) -> String { "\(BlobStore.state)/tmp/file-\(index)" }
}
