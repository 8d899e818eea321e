// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A name by which a site serves a manifest.
package struct ServedName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let repository: RepositoryName
    /// The tag; nil if clients get the manifest by digest.
    package let tag: Tag?
    package let manifest: Digest

    package init(_ repository: RepositoryName, _ tag: Tag?, _ manifest: Digest) {
        (self.repository, self.tag, self.manifest) = (repository, tag, manifest)
    }

    /// `name:tag`, or `name@digest`.
    package var description: String {
        tag.map { "\(repository):\($0)" } ?? "\(repository)@\(manifest)"
    }

    /// The name of the same manifest with its digest instead of a tag.
    package var withoutTag: ServedName { ServedName(repository, nil, manifest) }

    package static func < (left: ServedName, right: ServedName) -> Bool {
        (left.repository, left.tag?.description ?? "", left.manifest)
            < (right.repository, right.tag?.description ?? "", right.manifest)
    }
}

/// A site's content-types.json, as evidence of what the site served before it was damaged.
package struct ContentTypes {
    /// The digests of all resources: manifests, blobs and lists.
    package private(set) var digests: Set<Digest> = []
    /// All names of manifests, including names in `library/` aliases of repositories.
    package private(set) var names: [ServedName] = []
    private var repositories: [Substring: RepositoryName] = [:]

    package init(_ json: JSON) {
        for member in json.members ?? [] { add(member) }
    }

    package init(parsing bytes: [UInt8]) throws(JSONError) {
        try JSON.readMembers(of: bytes, limits: .list) { add($0) }
    }

    private mutating func add(_ member: JSON.Member) {
        guard let digest = member.value["digest"]?.string.flatMap({ Digest($0) }) else { return }
        digests.insert(digest)
        guard let (folder, reference) = Self.manifest(member.key),
            let repository = repositories[folder] ?? RepositoryName(String(folder))
        else { return }
        repositories[folder] = repository
        let tag = Tag(String(reference))
        guard tag != nil || Digest(reference) != nil else { return }
        names.append(ServedName(repository, tag, digest))
    }

    /// Splits `/v2/<repository>/manifests/<reference>`; nil for other paths.
    private static func manifest(_ path: String) -> (repository: Substring, reference: Substring)? {
        let (start, middle) = ("/v2/", "/manifests/")
        guard path.utf8.starts(with: start.utf8),
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        else { return nil }
        let folder = path.utf8[..<slash].dropFirst(start.utf8.count)
        let name = folder.dropLast(middle.utf8.count - 1)
        guard path.utf8[name.endIndex...].starts(with: middle.utf8) else { return nil }
        return (Substring(name), Substring(path.utf8[slash...].dropFirst()))
    }

    /// Drops all resources of a file whose path isn't in `paths`; nil if no resource is dropped, or
    /// if the file is damaged.
    ///
    /// The paths are relative to the site's folder and have no leading slash.
    package static func shortened(_ bytes: [UInt8], to paths: Set<Substring>) -> [UInt8]? {
        func isKept(_ member: JSON.Member) -> Bool {
            paths.contains(Substring(member.key.utf8.drop { $0 == UInt8(ascii: "/") }))
        }
        do throws(JSONError) {
            var isShorter = false
            // First check whether a new document is needed, because usually every member is kept.
            try JSON.readMembers(of: bytes, limits: .list) { member in
                isShorter = isShorter || !isKept(member)
            }
            guard isShorter else { return nil }
            var writer = JSONWriter(capacity: bytes.count)
            writer.beginObject()
            try JSON.readMembers(of: bytes, limits: .list) { member in
                if isKept(member) { writer.add(member.key, member.value) }
            }
            writer.endObject()
            return writer.bytes
        } catch { return nil }
    }
}
