// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import BundleModel
internal import Glibc
package import OCI
package import SiteModel
internal import Streams

/// The files of one bundle that are at hand: the bundle itself, or some of its volumes.
package struct BundleFiles: Sendable {
    /// In the order of the volumes.
    package let files: [BundleFile]
    /// The place of each content that a file contains as a whole: the file, and the part in it.
    private let places: [Digest: (file: Int, part: BundleDocument.Part)]

    /// Opens the files of a bundle.
    ///
    /// - Throws: the errors of `BundleFile`, `BundleError.otherBundle`.
    package init(
        _ paths: [String],
        check: (_ path: String, _ signed: [UInt8], _ signature: [UInt8]?) throws -> Void = {
            _,
            _,
            _ in
        }
    ) throws {
        var files: [BundleFile] = []
        for path in paths {
            let file: BundleFile
            do {
                file = try BundleFile(path) { try check(path, $0, $1) }
            } catch {
                throw BundleFailure(path: path, cause: error)
            }
            if let first = files.first, first.digest != file.digest {
                throw BundleFailure(path: path, cause: BundleError.otherBundle(first.path))
            }
            if !files.contains(where: { $0.volume == file.volume }) { files.append(file) }
        }
        precondition(!files.isEmpty, "a command that requires a bundle")
        files.sort { ($0.volume ?? 0) < ($1.volume ?? 0) }
        self.files = files
        var places: [Digest: (file: Int, part: BundleDocument.Part)] = [:]
        for (number, file) in files.enumerated() {
            for part in file.parts where part.piece == nil { places[part.content] = (number, part) }
        }
        self.places = places
    }

    /// The paths of the files that a user means: the path itself, or, if only volumes exist, all
    /// volumes beside it.
    package static func paths(_ path: String) -> [String] {
        guard unsafe access(path, F_OK) != 0 else { return [path] }
        let volumes = (1...BundleDocument.maximumVolumes).lazy.map { volumePath(path, $0 - 1) }
            .filter { unsafe access($0, F_OK) == 0 }
        return volumes.isEmpty ? [path] : Array(volumes)
    }

    /// Files that have the name of a bundle or of its volumes, but that aren't among its files.
    package static func others(than files: [String], of path: String) -> [String] {
        ([path] + (0..<BundleDocument.maximumVolumes).map { volumePath(path, $0) })
            .filter { !files.contains($0) && BundleFile.isBundle($0) }
    }

    /// The path of a volume (from 0): `trip.bundle.001`.
    package static func volumePath(_ path: String, _ volume: Int) -> String {
        let number = String(volume + 1)
        return "\(path)." + String(repeating: "0", count: 3 - number.utf8.count) + number
    }

    package var document: BundleDocument { files[0].document }
    package var digest: Digest { files[0].digest }
    package var index: SiteIndex { files[0].index }

    /// The number of volumes of the whole bundle; 1 if it is one file.
    package var volumeCount: Int { max(1, document.volumes.count) }

    /// Reads a manifest or a config from these files; nil if they don't contain it as a whole.
    ///
    /// - Throws: `BundleFailure`.
    package func bytes(of content: Digest, limit: Int) throws -> [UInt8]? {
        guard let place = places[content] else { return nil }
        let file = files[place.file]
        do { return try file.bytes(of: place.part, limit: limit) } catch {
            throw BundleFailure(path: file.path, cause: error)
        }
    }
}

/// An error in a file of a bundle.
package struct BundleFailure: Error {
    package let path: String
    package let cause: any Error

    package init(path: String, cause: any Error) { (self.path, self.cause) = (path, cause) }
}
