// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The times at which each image was first seen as replaced, and the tags that it had until then.
///
/// The times determine when an image may be deleted. The tags help a user to find the image again.
///
/// Replaced images stay for a while, because a client that has resolved a tag may still pull the
/// image that the tag named before. The times are stored in .regstatic, so that all other files of
/// the site don't depend on the clock.
package struct ReplacedTimes: Sendable {
    package struct Record: Hashable, Sendable {
        /// Unix time in seconds.
        package let time: Int
        /// Sorted; empty if they are unknown.
        package let tags: [Tag]
    }

    package static let path = "\(StateFolder.path)/replaced.json"
    /// How long a replaced image stays, in seconds.
    package static let delay = 3600

    /// The records by name with digest.
    private let records: [String: Record]

    /// Reads a record, and ignores all values that it can't parse.
    package init(_ json: JSON?) {
        let members = json?.members ?? []
        records = members.reduce(into: [:]) { $0[$1.key] = Record($1.value) }
    }

    private init(_ records: [String: Record]) {
        self.records = records
    }

    /// Returns the record for a site's present entries; an entry without a time, or with a time in
    /// the future, gets `now`.
    ///
    /// `old` is the index before the change that replaced the entries without a record.
    package func updated(_ index: SiteIndex, from old: SiteIndex, now: Int) -> ReplacedTimes {
        let replaced = index.entries.filter(\.isReplaced)
        let tags = old.tags(of: replaced.filter { self[$0] == nil })
        return ReplacedTimes(
            replaced.reduce(into: [:]) { records, entry in
                records[entry.name] = Record(
                    time: min(self[entry]?.time ?? now, now),
                    tags: self[entry]?.tags ?? tags[entry.withoutTag] ?? []
                )
            }
        )
    }

    package subscript(entry: SiteIndex.Entry) -> Record? { records[entry.name] }

    /// The Unix time from which an image may be deleted, in seconds; nil if the record lacks the
    /// image.
    package func end(of entry: SiteIndex.Entry) -> Int? {
        self[entry].map { $0.time + Self.delay }
    }

    package var isEmpty: Bool { records.isEmpty }

    package var file: FileContent {
        let members = records.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.json) }
        return FileContent(Self.path, JSON.object(members).canonicalBytes)
    }
}

extension ReplacedTimes.Record {
    /// Reads `1000`, or `{"time": 1000, "tags": ["1.0"]}`; nil if the value has another form.
    fileprivate init?(_ json: JSON) {
        guard let time = json.integer ?? json["time"]?.integer else { return nil }
        self.init(
            time: time,
            tags: (json["tags"]?.array ?? []).compactMap { $0.string.flatMap(Tag.init) }
        )
    }

    fileprivate var json: JSON {
        guard !tags.isEmpty else { return .integer(time) }
        return .object([
            "time": .integer(time), "tags": .array(tags.map { .string($0.description) }),
        ])
    }
}

extension SiteIndex {
    /// The tags of some images, by their names without tags.
    fileprivate func tags(of images: [Entry]) -> [ServedName: [Tag]] {
        guard !images.isEmpty else { return [:] }
        let names = Set(images.map(\.withoutTag))
        return entries.reduce(into: [:]) { tags, entry in
            guard let tag = entry.tag, names.contains(entry.withoutTag) else { return }
            tags[entry.withoutTag, default: []].append(tag)
        }
    }
}
