// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A name by which a site serves a manifest.
package struct ServedName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let repository: RepositoryName
    /// Nil if clients get the manifest by digest.
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
    private let members: [JSON.Member]

    package init(_ json: JSON) {
        members = json.members ?? []
    }

    /// The digests of all resources: manifests, blobs and lists.
    package var digests: Set<Digest> {
        Set(members.compactMap { $0.value["digest"]?.string.flatMap { Digest($0) } })
    }

    /// All names of manifests, including those in the `library/` aliases of repositories.
    package var names: [ServedName] {
        var repositories: [Substring: RepositoryName] = [:]
        return members.compactMap { member in
            guard let (folder, reference) = Self.manifest(member.key),
                let repository = repositories[folder] ?? RepositoryName(String(folder)),
                let digest = member.value["digest"]?.string.flatMap({ Digest($0) })
            else { return nil }
            repositories[folder] = repository
            let tag = Tag(String(reference))
            guard tag != nil || Digest(reference) != nil else { return nil }
            return ServedName(repository, tag, digest)
        }
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

    /// Keeps the resources at the given paths, and drops all others.
    ///
    /// - Parameter paths: the paths to keep, relative to the site's folder, without leading slash.
    /// - Returns: the remaining file; nil if nothing is dropped.
    package func keeping(_ paths: Set<String>) -> JSON? {
        let kept = members.filter { paths.contains(String($0.key.drop { $0 == "/" })) }
        return kept.count == members.count ? nil : .object(kept)
    }
}
