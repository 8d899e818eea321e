// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The SHA-256 of every derived file of a site, in the format of `sha256sum`.
///
/// `index.json` has the digest of the list, so every byte of the site follows from `index.json`: blobs
/// and links through the manifests, and all other files through the list.
package struct FileList: Sendable {
    package static let path = "SHA256SUMS"
    /// Far more than the largest site needs, in bytes.
    package static let maximumSize = 256 << 20

    /// Path → digest.
    package let digests: [String: Digest]

    package init(_ digests: [String: Digest]) {
        self.digests = digests
    }

    package init(_ files: [FileContent]) {
        digests = files.reduce(into: [:]) { $0[$1.path] = Digest(of: $1.bytes) }
    }

    /// Reads a list; nil if it isn't exactly what `bytes` writes.
    package init?(parsing bytes: [UInt8]) {
        var digests: [String: Digest] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            guard let digest = Digest(hex: text.prefix(64)), text.dropFirst(64).hasPrefix("  ")
            else {
                return nil
            }
            digests[String(text.dropFirst(66))] = digest
        }
        self.digests = digests
        guard self.bytes == bytes else { return nil }
    }

    /// The list as a file, sorted by path.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let lines = digests.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (path, digest) in lines { bytes += Array("\(digest.hex)  \(path)\n".utf8) }
        return bytes
    }

    package var file: FileContent { FileContent(Self.path, bytes) }

    /// Only the pages.
    package var pages: FileList {
        FileList(
            digests.filter {
                $0.key == PagePlan.frontPath || $0.key.hasPrefix("\(PagePlan.folder)/")
            }
        )
    }

    /// The files for servers and clients.
    package var derivedPaths: [String] {
        digests.keys.filter { path in
            [SitePath.servers, SitePath.clients].contains { path.hasPrefix("\($0)/") }
        }
    }

    /// Adds the files of another list.
    package func adding(_ other: FileList) -> FileList {
        FileList(digests.merging(other.digests) { $1 })
    }
}
