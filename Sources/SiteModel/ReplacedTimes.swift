// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The times at which each image was first seen as replaced.
///
/// These times determine when an image may be deleted.
///
/// Replaced images stay for a while, because a client that has resolved a tag may still pull the
/// image that the tag named before. The times are stored in .regstatic, so that all other files of
/// the site don't depend on the clock.
package struct ReplacedTimes: Sendable {
    package static let path = "\(StateFolder.path)/replaced.json"
    /// How long a replaced image stays, in seconds.
    package static let delay = 3600

    /// Name with digest → Unix time in seconds.
    private let times: [String: Int]

    /// Reads a record, and ignores all values that it can't parse.
    package init(_ json: JSON?) {
        let members = json?.members ?? []
        times = members.reduce(into: [:]) { $0[$1.key] = $1.value.integer }
    }

    private init(_ times: [String: Int]) {
        self.times = times
    }

    /// Returns the record for a site's present entries; an entry without a time, or with a time in
    /// the future, gets `now`.
    package func updated(_ index: SiteIndex, now: Int) -> ReplacedTimes {
        let replaced = index.entries.filter(\.isReplaced)
        return ReplacedTimes(
            replaced.reduce(into: [:]) { $0[$1.name] = min(times[$1.name] ?? now, now) }
        )
    }

    /// The Unix time from which an image may be deleted, in seconds; nil if the record lacks the
    /// image.
    package func end(of entry: SiteIndex.Entry) -> Int? {
        times[entry.name].map { $0 + Self.delay }
    }

    package var isEmpty: Bool { times.isEmpty }

    package var file: FileContent {
        let members = times.sorted { $0.key < $1.key }
            .map { JSON.Member($0.key, .integer($0.value)) }
        return FileContent(Self.path, JSON.object(members).canonicalBytes)
    }
}
