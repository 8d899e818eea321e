// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Streams

/// The SHA-256 of every derived file of a site, in the format of `sha256sum`.
///
/// `index.json` has the digest of the list, so `index.json` determines every byte of the site: the
/// manifests determine blobs and links, and the list determines all other files.
package struct FileList: Sendable {
    package static let path = "SHA256SUMS"
    /// The maximum size of a list in bytes, far more than the largest site needs.
    package static let maximumSize = 256 << 20

    /// Path → digest.
    package let digests: [String: Digest]
    /// The list as text, sorted by path.
    package let bytes: [UInt8]

    package init(_ digests: [String: Digest]) {
        var bytes: [UInt8] = []
        let lines = digests.sorted { FileName.precedes($0.key, $1.key) }
        bytes.reserveCapacity(lines.reduce(0) { $0 + 67 + $1.key.utf8.count })
        for (path, digest) in lines {
            bytes += digest.hex.utf8
            bytes += "  ".utf8
            bytes += path.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        (self.digests, self.bytes) = (digests, bytes)
    }

    /// Reads a list; nil if it isn't exactly what `init(_:)` writes.
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
            guard FileName.precedes(previous, path) else { return nil }
            digests[path] = digest
            previous = path
        }
        (self.digests, self.bytes) = (digests, bytes)
    }

    package var file: FileContent { FileContent(Self.path, bytes) }

    /// The pages in this list.
    package var pages: [String: Digest] {
        digests.filter {
            $0.key == PagePlan.frontPath || $0.key.hasPrefix("\(PagePlan.folder)/")
        }
    }

    /// The paths in this list that belong to servers, clients and programs.
    package var derivedPaths: [String] {
        digests.keys.filter { path in
            SitePrograms.has(path)
                || [SitePath.servers, SitePath.clients].contains { path.hasPrefix("\($0)/") }
        }
    }
}

extension [FileContent] {
    /// Path → digest.
    package var digests: [String: Digest] {
        reduce(into: [:]) { $0[$1.path] = Digest(of: $1.bytes) }
    }
}
