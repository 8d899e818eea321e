// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import SiteModel
package import OCI

/// The skipped or unreferenced content of an input.
package struct SkippedContent: Hashable, Sendable {
    /// An image, or some of its platforms, that the user didn't select.
    package struct Image: Hashable, Sendable {
        package let name: String
        package let platforms: [Platform]
    }

    package var images: [Image] = []
    /// The number of unfinished pushes to a registry.
    package var uploads = 0
    /// Manifests that no tag reaches and that have no subject.
    package var manifests: [Digest] = []
    package var blobs = 0
    /// The total size in bytes of the blobs that `blobs` counts.
    package var bytes = 0
    /// The paths of files that belong to none of the OCI layouts in an input.
    package var files: [String] = []

    /// Adds the skipped content of another archive of the same input.
    mutating func add(_ other: SkippedContent) {
        images += other.images
        uploads += other.uploads
        manifests += other.manifests
        blobs += other.blobs
        bytes += other.bytes
        files += other.files
    }

    /// Drops the archives that an error reports.
    mutating func dropFiles(in unread: [UnreadPart]) {
        for case .archives(let paths) in unread {
            // The folder with the layouts may be inside the input, which `paths` refer to.
            let known = Set(paths)
            files.removeAll { file in
                known.contains(file) || paths.contains { $0.hasSuffix("/\(file)") }
            }
        }
    }

    /// Drops the files that are inputs of the run themselves.
    mutating func dropFiles(among inputs: [String], in input: String) {
        guard inputs.count > 1, !files.isEmpty else { return }
        let known = Set(inputs.compactMap { FileIdentity(path: $0) })
        files.removeAll { file in
            FileIdentity(path: "\(input)/\(file)").map(known.contains) == true
                || inputs.contains { $0.hasPrefix("\(input)/") && $0.hasSuffix("/\(file)") }
        }
    }

    package var isEmpty: Bool { self == SkippedContent() }
}
