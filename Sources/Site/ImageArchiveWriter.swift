// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
package import SiteModel
package import Inputs
package import Store
internal import Streams

/// Writes an archive of images, and checks each blob while copying it.
package struct ImageArchiveWriter {
    private let store: BlobStore
    private let progress: any Progress

    package init(_ store: BlobStore, _ progress: any Progress) {
        self.store = store
        self.progress = progress
    }

    /// Writes the archive.
    ///
    /// - Returns: its size in bytes.
    /// - Throws: `BlobError` if the site is damaged, `FileError`.
    package func write(_ archive: ImageArchive, to output: OutputFile) throws -> Int {
        progress.expect(archive.members.reduce(0) { $0 + $1.size })
        var size = TarHeader.end.count
        for member in archive.members {
            let header = TarHeader(path: member.path, size: member.size).bytes
            let padding = TarHeader.padding(after: member.size)
            try output.write(header)
            switch member.content {
            case .bytes(let bytes): try output.write(bytes)
            case .blob(let digest, let size):
                try store.copy(digest, size: size, to: output) { progress.advance($0) }
            }
            try output.write(padding)
            size += header.count + member.size + padding.count
        }
        try output.write(TarHeader.end)
        try output.finish()
        return size
    }
}

extension ImageArchive.Member {
    /// Size in bytes.
    fileprivate var size: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .blob(_, let size): size
        }
    }
}
