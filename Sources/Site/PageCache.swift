// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI
internal import Store
internal import Streams

/// A record of the pages that the last run rendered, so that unchanged pages needn't be rendered
/// again.
///
/// The record is only a cache, because a run also renders pages again that someone has changed or
/// deleted since.
struct PageCache {
    struct Entry {
        let inputs: Digest
        /// Path → digest.
        let files: [String: Digest]
        let summary: JSON

        init(_ inputs: Digest, _ drawing: PagePlan.Drawing) {
            self.inputs = inputs
            files = drawing.files.digests
            summary = drawing.summary
        }
    }

    private var entries: [RepositoryName: Entry] = [:]

    init() {}

    subscript(_ name: RepositoryName) -> Entry? {
        get { entries[name] }
        set { entries[name] = newValue }
    }

    static let path = "\(BlobStore.state)/pages.json"
    /// The maximum size of a page, larger than any page that regstatic renders.
    static let pageLimit = 64 << 20

    /// Reads the record of the last run; an unreadable record counts as empty.
    init(_ folder: Folder) throws(FileError) {
        guard let bytes = try folder.contents(Self.path, limit: JSONLimits.list.bytes),
            let json = try? JSON(parsing: bytes, limits: .list)
        else { return }
        for member in json.members ?? [] {
            guard let name = RepositoryName(member.key), let entry = Entry(member.value) else {
                continue
            }
            entries[name] = entry
        }
    }

    var file: FileContent {
        let members = entries.sorted { $0.key < $1.key }
            .map { JSON.Member($0.key.description, $0.value.json) }
        return FileContent(Self.path, JSON.object(members).canonicalBytes)
    }
}

extension PageCache.Entry {
    fileprivate init?(_ json: JSON) {
        guard let inputs = json["inputs"]?.string.flatMap({ Digest($0) }),
            let summary = json["summary"], let members = json["files"]?.members, !members.isEmpty
        else { return nil }
        var files: [String: Digest] = [:]
        for member in members {
            // Accept only paths of pages, because the record decides which files are compared and
            // kept.
            guard member.key.hasPrefix("\(PagePlan.folder)/"),
                !member.key.split(separator: "/").contains(".."),
                let digest = member.value.string.flatMap({ Digest($0) })
            else { return nil }
            files[member.key] = digest
        }
        (self.inputs, self.files, self.summary) = (inputs, files, summary)
    }

    fileprivate var json: JSON {
        let files = files.sorted { $0.key < $1.key }
            .map { JSON.Member($0.key, .string($0.value.description)) }
        return .object([
            "inputs": .string(inputs.description), "files": .object(files), "summary": summary,
        ])
    }
}
