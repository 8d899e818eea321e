// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import Store
internal import Streams

/// A version of a site: its index.json and the list of its files.
struct SiteVersion: Sendable {
    let index: [UInt8]
    /// The list of files; nil if it is missing or doesn't have the digest that index.json names.
    let list: FileList?

    init(index: [UInt8], list: FileList?) {
        (self.index, self.list) = (index, list)
    }

    /// Reads the present version of a folder; nil if it has no index.json.
    init?(in folder: Folder) throws(FileError) {
        try self.init(in: folder, index: SiteIndex.path, list: FileList.path)
    }

    fileprivate init?(in folder: Folder, index: String, list: String) throws(FileError) {
        guard let bytes = try folder.contents(index, limit: JSONLimits.list.bytes) else {
            return nil
        }
        self.init(index: bytes, list: try Self.list(in: folder, at: list))
    }

    /// Reads only the list of a version; nil if it is missing or damaged.
    static func list(
        in folder: Folder,
        at path: String = FileList.path
    ) throws(FileError) -> FileList? {
        let text = try folder.contents(path, limit: FileList.maximumSize)
        return text.flatMap { FileList(parsing: $0) }
    }

    /// Returns the files that this version should have; nil if its index can't be read.
    func expected(from store: BlobStore) throws -> SiteExpectation? {
        guard let index = try? SiteIndex(parsing: index) else { return nil }
        let graph = try SiteFolder.intactGraph(of: index, store)
        return SiteExpectation(SitePlan(SiteContents(index, graph)), list)
    }

    /// Returns all paths that this version has in the API.
    func names(in store: BlobStore) throws -> [String] {
        try expected(from: store)?.apiPaths ?? []
    }
}

/// The record of a run that is publishing a change, for the next run if this run is interrupted.
///
/// The record is only a hint, because `verify` compares the files with both versions, and the next
/// run renders the version that index.json has.
struct SiteChange {
    let before: SiteVersion?
    let after: SiteVersion

    private static let folder = "\(BlobStore.state)/change"
    private static let paths = ["before", "after"]
        .map {
            (index: "\(folder)/\($0).json", list: "\(folder)/\($0).sums")
        }

    /// Writes the record, without a flush.
    func begin(in folder: Folder) throws(FileError) {
        try folder.makeFolders(Self.folder)
        var files: [FileContent] = []
        for (paths, version) in zip(Self.paths, [before, after]) {
            guard let version else { continue }
            files.append(FileContent(paths.index, version.index))
            if let list = version.list { files.append(FileContent(paths.list, list.bytes)) }
        }
        try folder.write(files, flushing: false)
    }

    /// Removes the record after the site has the new version.
    func end(in folder: Folder) throws(FileError) {
        _ = try folder.remove(present: Self.paths.flatMap { [$0.index, $0.list] })
        folder.removeFolder(Self.folder)
    }

    /// The versions of an unfinished run; empty if the last run has ended.
    static func versions(in folder: Folder) throws(FileError) -> [SiteVersion] {
        var versions: [SiteVersion] = []
        for paths in paths {
            let version = try SiteVersion(in: folder, index: paths.index, list: paths.list)
            if let version { versions.append(version) }
        }
        return versions
    }
}
