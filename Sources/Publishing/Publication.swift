// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// What a remote holds when a site is published on it, in the order in which it has to arrive.
///
/// A snapshot: only blobs are still read from the store, and those never change.
package struct Publication: Sendable {
    /// What refers to something comes after it, so that whoever pulls meanwhile finds everything.
    package enum Phase: Int, CaseIterable, Sendable {
        case blobs, manifests, tags, lists, pages

        /// The name in `--json`.
        package var name: String {
            switch self {
            case .blobs: "blobs"
            case .manifests: "manifests"
            case .tags: "tags"
            case .lists: "lists"
            case .pages: "pages"
            }
        }
    }

    package struct Object: Sendable {
        package enum Content: Sendable {
            /// A file of the store, which is large.
            case blob(Digest)
            case bytes([UInt8])
        }

        /// The path below the remote; in a bucket the path of its URL without the first slash.
        package let key: String
        package let content: Content
        /// Bytes.
        package let size: Int
        package let phase: Phase
        package let label: Label
        /// Whether it is there for servers without the referrers API only.
        package var isFallback = false
    }

    /// How a server that keeps such things labels an object in its answers.
    package struct Label: Hashable, Sendable {
        package let mediaType: MediaType
        /// Whether other bytes would have another key.
        package let isNamedByContent: Bool

        package var cacheControl: String {
            isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache"
        }
    }

    package let form: RemoteForm
    package internal(set) var objects: [Object]
    /// Keys that must not be there beside those: the same tags as manifests of other kinds.
    package let stale: [String]

    /// In a bucket this object is what `GET /v2/` finds; most tools can't even name it.
    package static let rootKey = "v2/"

    /// An object for each URL of the API.
    package init(urlsOf plan: SitePlan) {
        form = .objects
        stale = []
        let manifests = Dictionary(
            uniqueKeysWithValues: plan.manifests.map { ($0.digest, $0.bytes) }
        )
        let lists = plan.lists.reduce(into: [Digest: [UInt8]]()) {
            $0[Digest(of: $1.bytes)] = $1.bytes
        }
        objects = plan.resources
            .map { resource in
                Object(resource, bytes: manifests[resource.digest] ?? lists[resource.digest])
            }
        objects.append(Object(Self.rootKey, JSON.object([]).canonicalBytes, phase: .lists))
        sort()
    }

    /// The files of a portable site, and what else is drawn from it: for a server with its rules.
    package init(filesOf plan: SitePlan, _ index: SiteIndex, drawn: [FileContent]) {
        form = .files
        stale = plan.staleTags
        objects = plan.blobs.map { Object(blob: $0.digest, size: $0.size) }
        for manifest in plan.manifests {
            let bytes = manifest.bytes
            let path = SitePlan.path(manifest.digest, manifest.kind)
            objects.append(
                Object(
                    manifest.digest.blobPath,
                    bytes,
                    phase: .manifests,
                    isNamedByContent: true
                )
            )
            objects.append(Object(path, bytes, phase: .manifests, isNamedByContent: true))
        }
        objects += drawn.map { Object($0.path, $0.bytes, phase: .manifests) }
        objects += plan.tagFiles.map { Object($0.path, $0.bytes, phase: .tags) }
        let last =
            plan.lists + [
                SitePlan.ociLayout, FileContent(SiteIndex.path, index.document.bytes),
                plan.contentTypes,
            ]
        objects += last.map { Object($0.path, $0.bytes, phase: .lists) }
        sort()
    }

    init(files objects: [Object]) {
        form = .files
        stale = []
        self.objects = objects
        sort()
    }

    /// The same without blobs that the store lacks.
    package func without(_ missing: Set<Digest>) -> Publication {
        var rest = self
        rest.objects.removeAll { object in
            guard case .blob(let digest) = object.content else { return false }
            return missing.contains(digest)
        }
        return rest
    }

    mutating func sort() {
        let keyed = objects.map { (phase: $0.phase.rawValue, object: $0) }
        objects = keyed.sorted { ($0.phase, $0.object.key) < ($1.phase, $1.object.key) }
            .map(\.object)
    }
}

/// How a site lies on a remote.
package enum RemoteForm: String, Sendable {
    /// An object for each URL, with its type: for stores that keep types and serve by themselves.
    case objects
    /// A portable site, for remotes that hold files: a server with rules stands before them.
    case files
}

extension Publication.Object {
    fileprivate init(_ resource: SitePlan.Resource, bytes: [UInt8]?) {
        key = resource.path
        content = resource.part == .blob ? .blob(resource.digest) : .bytes(bytes ?? [])
        size = resource.size
        phase =
            switch resource.part {
            case .blob: .blobs
            case .manifest: .manifests
            case .tag: .tags
            case .list: .lists
            }
        label = Publication.Label(
            mediaType: resource.mediaType,
            isNamedByContent: resource.part == .blob || resource.part == .manifest
        )
        isFallback = resource.isFallback
    }

    fileprivate init(blob digest: Digest, size: Int) {
        key = digest.blobPath
        content = .blob(digest)
        self.size = size
        phase = .blobs
        label = Publication.Label(mediaType: .octetStream, isNamedByContent: true)
    }

    init(
        _ key: String,
        _ bytes: [UInt8],
        phase: Publication.Phase,
        isNamedByContent: Bool = false,
        mediaType: MediaType = .json
    ) {
        self.key = key
        content = .bytes(bytes)
        size = bytes.count
        self.phase = phase
        label = Publication.Label(mediaType: mediaType, isNamedByContent: isNamedByContent)
    }
}
