// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel

extension SitePath {
    /// Parses a path; nil if it is neither a manifest's copy nor a manifest of a repository.
    init?(_ path: MemberPath) {
        let components = path.components
        guard let name = components.last else { return nil }
        if path.description.hasPrefix("\(Self.manifests)/"), components.count == 3 {
            guard let copy = Self.copy(named: name) else { return nil }
            self = .copy(copy.digest, copy.kind)
            return
        }
        guard components.count > 3, components[0] == Self.api,
            components.dropLast().last == "manifests",
            let repository = RepositoryName(components[1...].dropLast(2).joined(separator: "/"))
        else { return nil }
        self = .manifest(repository: repository, name: String(name))
    }

    /// Parses the file name of a manifest's copy, `<hex>.<kind>`.
    static func copy(named name: Substring) -> (digest: Digest, kind: ManifestKind)? {
        let parts = name.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let digest = Digest(hex: parts[0]),
            let kind = ManifestKind(rawValue: String(parts[1]))
        else { return nil }
        return (digest, kind)
    }

    /// Whether a link is expected at a path, because in the plain layout the names of the API are
    /// links to the store.
    ///
    /// In an OCI layout, a blob may also be a link to another blob.
    @Sendable static func mayBeLink(_ path: MemberPath) -> Bool {
        let components = path.components
        let isName = ["manifests", "blobs"].contains(components.dropLast().last ?? "")
        if components[0] == api { return isName && components.count > 3 }
        return path.description.hasPrefix("\(Digest.blobFolder)/")
    }
}
