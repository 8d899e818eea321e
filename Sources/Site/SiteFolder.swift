// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import OCI
package import Store
internal import Streams

/// A site on disk, opened for one writer or for any number of readers.
package struct SiteFolder: Sendable {
    package let store: BlobStore
    package let index: SiteIndex
    /// What `checkTags` returned; nil if the site was opened for reading.
    let servedByDigest: [ServedName]?
    private let lock: SiteLock?
    /// Whether this run made the site's index.json and so chose the layout.
    package let isNew: Bool

    /// Opens a site for changes; with `creating`, creates the site if it doesn't exist.
    ///
    /// A new site gets the requested layout. If the user requests none, the site gets the plain
    /// layout if the medium can hold it, and the portable layout otherwise.
    ///
    /// - Throws: `LockedError` if another run is using the site, `SiteDamage.notASite`,
    ///   `.occupied`, `.notAFolder`, `.linkInSite`, `.lostIndex`, `.notBuilt`, `.index`,
    ///   `.kitSettings`, `.unlisted`; `LayoutError`, `FileError`.
    package static func forWriting(
        _ path: String,
        layout: SiteLayout? = nil,
        creating: Bool = true
    ) throws -> SiteFolder {
        let folder = try open(path, creating: creating)
        let isFresh = try creating && folder.names(in: ".").allSatisfy { $0 == "lost+found" }
        guard try isFresh || isSite(folder) else {
            throw creating ? SiteDamage.occupied(path) : .notASite(path)
        }
        try refuseLinks(in: folder)
        // Check for index.json before this run writes anything, and again after it has the lock.
        _ = try hasIndex(folder, isRequired: !creating)
        try folder.makeFolders(BlobStore.state)
        let lock = try SiteLock(folder, path: lockPath)
        let hasIndex = try hasIndex(folder, isRequired: !creating)
        let store = BlobStore(folder)
        try store.prepare()
        var index = hasIndex ? try Self.index(of: folder) : SiteIndex()
        let mayChoose = !hasIndex || index.entries.isEmpty && layout != nil
        if mayChoose, !hasIndex || layout != index.layout {
            index.layout = try Self.layout(layout, on: store, path)
            // Write index.json now, so that every site has it, and a missing index.json always
            // means that it was lost.
            try folder.write([FileContent(SiteIndex.path, index.bytes)])
        }
        guard layout == nil || layout == index.layout else {
            throw LayoutError.otherLayout(path, index.layout)
        }
        let served = try checkTags(of: index, folder)
        return SiteFolder(
            store: store,
            index: index,
            servedByDigest: served,
            lock: lock,
            isNew: !hasIndex
        )
    }

    /// Removes everything except the lock from a site that this run made, because the run ends
    /// without images.
    ///
    /// Without index.json, no command takes the folder for an empty site. The lock stays, because
    /// another run may be opening it.
    package func discardIfNew() {
        guard isNew else { return }
        // index.json last: without it, the remaining files would look like a site that lost it.
        for path in [SitePath.api, "manifests", "blobs", BlobStore.staging] {
            store.folder.clear(path)
            store.folder.removeFolder(path)
        }
        _ = try? store.folder.remove(present: [SiteIndex.path])
    }

    /// Opens the folder of a site.
    ///
    /// A file in its place, such as an archive, is not a site.
    private static func open(_ path: String, creating: Bool) throws -> Folder {
        do throws(FileError) { return try Folder(path, creating: creating) } catch {
            guard !creating else {
                // A file may also be in the place of a folder above.
                let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
                let isFile = error.isNoFolder && (try? Folder(parent, creating: false)) != nil
                throw isFile ? SiteDamage.notAFolder(path) : error as any Error
            }
            if error.isAbsent { throw SiteDamage.absent(path) }
            throw error.isNoFolder ? SiteDamage.notASite(path) : error as any Error
        }
    }

    private static func layout(
        _ wanted: SiteLayout?,
        on store: BlobStore,
        _ path: String
    ) throws(LayoutError) -> SiteLayout {
        guard wanted != .portable, let refusal = store.refusalOfPlainNames() else {
            return wanted ?? .plain
        }
        guard wanted == nil else { throw .plainRefused(path, refusal) }
        return .portable
    }

    /// Opens a site for reading; with `keepingWritersOut`, locks it against changes.
    ///
    /// With `allowingLinks`, accepts links in place of the site's folders, so that the caller can
    /// report them.
    ///
    /// - Throws: `LockedError` if another run is writing it, `SiteDamage.notASite`, `.linkInSite`,
    ///   `.lostIndex`, `.notBuilt`, `.index`, `.kitSettings`; `LayoutError.unknownLayout`,
    ///   `FileError`.
    package static func forReading(
        _ path: String,
        keepingWritersOut: Bool = false,
        allowingLinks: Bool = false
    ) throws -> SiteFolder {
        let folder = try open(path, creating: false)
        guard try isSite(folder) else { throw SiteDamage.notASite(path) }
        if !allowingLinks { try refuseLinks(in: folder) }
        _ = try hasIndex(folder, isRequired: true)
        let lock = keepingWritersOut ? try SiteLock.whileReading(folder, path: lockPath) : nil
        let index = try Self.index(of: folder)
        // The first run writes index.json before it reads its inputs. A site without a list of
        // files has no other published file, so there is nothing to read or check. A list or names
        // in the API show that a published index.json was replaced.
        let hasNoFiles = try index.list == nil && index.entries.isEmpty && !isPublished(folder)
        guard !hasNoFiles else { throw SiteDamage.notBuilt(path) }
        return SiteFolder(
            store: BlobStore(folder),
            index: index,
            servedByDigest: nil,
            lock: lock,
            isNew: false
        )
    }

    private static func isPublished(_ folder: Folder) throws(FileError) -> Bool {
        for path in [FileList.path, SitePlan.contentTypesPath, SitePlan.ociLayout.path]
        where try folder.status(path) != nil { return true }
        return false
    }

    /// Reads a site's index.json.
    ///
    /// - Throws: `SiteDamage.index`, `.kitSettings`; `LayoutError.unknownLayout`, `FileError`.
    private static func index(of folder: Folder) throws -> SiteIndex {
        guard let bytes = try folder.contents(SiteIndex.path, limit: JSONLimits.list.bytes) else {
            throw SiteDamage.index(.notAFile)
        }
        let index = try SiteIndex(parsing: bytes)
        do throws(ClientSettingsError) { try index.kit.checkAuthority() } catch {
            throw SiteDamage.kitSettings(error)
        }
        return index
    }

    private static let lockPath = "\(BlobStore.state)/lock"

    /// Loads the graph of everything that the site lists.
    ///
    /// - Throws: `SiteDamage.manifest`, `FileError`.
    package func graph() throws -> SiteGraph {
        var graph = SiteGraph()
        for entry in index.entries { try graph.load(entry.manifest, from: store) }
        return graph
    }

    /// Loads the graph without the images whose manifests are damaged.
    package func intactGraph() throws -> SiteGraph { try Self.intactGraph(of: index, store) }

    static func intactGraph(of index: SiteIndex, _ store: BlobStore) throws -> SiteGraph {
        var graph = SiteGraph()
        try graph.loadIntact(index.entries, from: store)
        return graph
    }

    /// Whether a folder is a site, even a damaged one.
    private static func isSite(_ folder: Folder) throws(FileError) -> Bool {
        if try folder.status(BlobStore.state) == .folder { return true }
        guard try folder.status(SitePlan.contentTypesPath) != nil else { return false }
        let others = [SitePlan.ociLayout.path, SiteIndex.path, SitePlan.apiFolder]
        for path in others where try folder.status(path) != nil { return true }
        return false
    }
}

extension SiteGraph {
    /// Loads images, except those whose manifests are missing or damaged.
    mutating func loadIntact(
        _ entries: [SiteIndex.Entry],
        from store: BlobStore
    ) throws {
        for entry in entries {
            do { try load(entry.manifest, from: store) } catch SiteDamage.manifest {}
        }
    }
}
