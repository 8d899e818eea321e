// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The meaning of a path in a registry's own data.
///
/// <https://github.com/distribution/distribution/blob/v2.8.3/registry/storage/paths.go>
enum VolumePath {
    /// A file with the content of a blob.
    case blob(Digest)
    /// A file with the digest of the manifest that a tag names.
    case tag(repository: String, tag: String)
    /// A file showing that a tag once named a manifest.
    case tagHistory(repository: String, tag: String)
    /// A file showing that a repository has a manifest.
    case revision(repository: String, Digest)
    /// A file in the place of one of the registry's folders.
    case inPlaceOfFolder
    /// A part of an unfinished push.
    case upload(String)

    /// Parses a path; nil if the path has none of these meanings.
    init?(_ path: MemberPath) {
        let components = path.components
        guard let start = Self.start(of: components) else { return nil }
        let rest = components[start...]
        let found = rest.first == "blobs" ? Self.blob(rest) : Self.inRepository(rest)
        guard let found else { return nil }
        self = found
    }

    /// Finds where the registry's own paths begin: below `docker/registry/v2`, or at the top of a
    /// partial copy.
    private static func start(of components: [Substring]) -> Int? {
        components.indices.first { index in
            ["blobs", "repositories"].contains(components[index])
                && (index == 0 || components[index - 1] == "v2")
        }
    }

    // Parses `blobs/sha256/<first two digits>/<hex>/data`.
    private static func blob(_ path: ArraySlice<Substring>) -> VolumePath? {
        let parts = Array(path)
        guard parts.count == 5, parts[1] == "sha256", parts[4] == "data" else { return nil }
        return Digest(hex: parts[3]).map(VolumePath.blob)
    }

    // Parses `repositories/<name>/_manifests/…` and `repositories/<name>/_uploads/…`.
    private static func inRepository(_ path: ArraySlice<Substring>) -> VolumePath? {
        // The components of a repository name never begin with `_`.
        guard let mark = path.firstIndex(where: { $0.hasPrefix("_") }) else {
            // Accept only valid names, because systems leave files such as .DS_Store everywhere.
            let name = path.dropFirst().joined(separator: "/")
            return RepositoryName(name) == nil ? nil : .inPlaceOfFolder
        }
        let name = path[..<mark].dropFirst().joined(separator: "/")
        let parts = Array(path[mark...])
        switch (parts[0], parts.count) {
        case ("_uploads", 2...): return .upload("\(name)/\(parts[1])")
        case ("_manifests", 1): return .inPlaceOfFolder
        case ("_manifests", 2) where ["tags", "revisions"].contains(parts[1]):
            return .inPlaceOfFolder
        case ("_manifests", 3) where parts[1] == "tags" && Tag(String(parts[2])) != nil:
            return .inPlaceOfFolder
        case ("_manifests", 4) where parts[1] == "tags" && ["current", "index"].contains(parts[3]):
            return .inPlaceOfFolder
        case ("_manifests", 6...) where parts[1] == "tags" && parts[3] == "index":
            return .tagHistory(repository: name, tag: String(parts[2]))
        case ("_manifests", 5) where parts[4] == "link":
            if parts[1] == "tags", parts[3] == "current" {
                return .tag(repository: name, tag: String(parts[2]))
            }
            guard parts[1] == "revisions", parts[2] == "sha256" else { return nil }
            return Digest(hex: parts[3]).map { .revision(repository: name, $0) }
        default: return nil
        }
    }
}
