// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

/// A manifest that the registry served; its type is taken from the body, not from the headers.
struct ServedManifest {
    let repository: RepositoryName
    /// The tag or digest that was requested.
    let reference: String
    let reply: Reply
    let digest: Digest
    let manifest: Manifest

    /// Nil if the answer isn't a manifest.
    init?(_ repository: RepositoryName, reference: String, reply: Reply) {
        guard reply.status == 200, !reply.answer.isCut,
            let document = try? RawDocument(reply.answer.body),
            let type = Self.type(of: document.json),
            let manifest = try? Manifest(document, claimed: type)
        else { return nil }
        self.repository = repository
        self.reference = reference
        self.reply = reply
        self.digest = document.digest
        self.manifest = manifest
    }

    /// The path below `/v2/`.
    var path: String { "\(repository)/manifests/\(reference)" }
    var mediaType: MediaType { manifest.kind.mediaType }

    /// The media type that the body names, or else the only type that fits the body.
    private static func type(of json: JSON) -> MediaType? {
        if let named = json["mediaType"]?.string { return MediaType(named) }
        let kind: ManifestKind = json["manifests"] == nil ? .ociManifest : .ociIndex
        return kind.mediaType
    }
}

/// A blob that a manifest of the sample names.
struct ServedBlob: Hashable {
    let repository: RepositoryName
    let descriptor: Descriptor
    let isConfig: Bool

    var path: String { "\(repository)/blobs/\(descriptor.digest)" }
}

extension CheckRun {
    /// The largest number of manifests that are checked in one index.
    private static let childLimit = 16

    mutating func manifest(_ reference: String) -> ServedManifest? {
        guard let name = repository?.name, let reply = get("\(name)/manifests/\(reference)") else {
            return nil
        }
        return ServedManifest(name, reference: reference, reply: reply)
    }

    /// The manifests of the checked tags.
    mutating func taggedManifests() -> [ServedManifest] {
        var found: [ServedManifest] = []
        for tag in repository?.tags ?? [] {
            if let manifest = manifest(tag.description) { found.append(manifest) }
        }
        return found
    }

    /// The manifests of the checked tags, and the manifests that their indexes list.
    mutating func allManifests() -> [ServedManifest] {
        let tagged = taggedManifests()
        var found = tagged
        for child in Self.children(of: tagged) {
            if let manifest = manifest(child.digest.description) { found.append(manifest) }
        }
        return found
    }

    static func children(of manifests: [ServedManifest]) -> [Descriptor] {
        var seen: Set<Digest> = []
        return manifests.flatMap { $0.manifest.manifests.prefix(childLimit) }
            .filter { seen.insert($0.digest).inserted }
    }

    /// The config and the largest layer of each image; all blobs if the run is deep.
    mutating func blobs() -> [ServedBlob] {
        var seen: Set<Digest> = []
        var found: [ServedBlob] = []
        for served in allManifests() {
            guard case .image(let config, let layers) = served.manifest.content else { continue }
            let own = layers.filter { !$0.mediaType.isForeignLayer }
            let chosen = context.isDeep ? own : own.max { $0.size < $1.size }.map { [$0] } ?? []
            for blob in [config] + chosen where seen.insert(blob.digest).inserted {
                found.append(
                    ServedBlob(
                        repository: served.repository,
                        descriptor: blob,
                        isConfig: blob == config
                    )
                )
            }
        }
        return found
    }
}
