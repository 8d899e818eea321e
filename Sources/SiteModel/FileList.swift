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
        var previous = ""
        guard bytes.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else { return nil }
        for line in bytes.dropLast()
            .split(
                separator: UInt8(ascii: "\n"),
                omittingEmptySubsequences: bytes.isEmpty
            )
        {
            guard let text = String(validating: line, as: UTF8.self)?.utf8, text.count > 66,
                let digest = Digest(hex: Substring(text.prefix(64))),
                text.dropFirst(64).starts(with: "  ".utf8),
                let path = String(text.dropFirst(66))
            else { return nil }
            guard previous.utf8.lexicographicallyPrecedes(path.utf8) else { return nil }
            digests[path] = digest
            previous = path
        }
        self.digests = digests
    }

    /// The list as a file, sorted by path.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let lines = digests.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        bytes.reserveCapacity(lines.reduce(0) { $0 + 67 + $1.key.utf8.count })
        for (path, digest) in lines {
            bytes += digest.hex.utf8
            bytes += "  ".utf8
            bytes += path.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
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
