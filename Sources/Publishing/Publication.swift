// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel

/// The files of a published site, in the order in which the remote must receive them.
///
/// A publication is a snapshot, because later only blobs are read from the store, and blobs never
/// change.
package struct Publication: Sendable {
    /// The phases of an upload.
    ///
    /// References are sent after their targets, so that a client that pulls during the upload finds
    /// all files.
    package enum Phase: Int, CaseIterable, Sendable {
        case blobs, manifests, tags, lists, pages

        /// The name of the phase in the output of `--json`.
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
            /// A blob, which is not kept in memory because it may be large.
            case blob(Digest)
            case bytes([UInt8])
        }

        /// The path relative to the remote.
        ///
        /// In a bucket, this is the path in the object's URL without the first slash.
        package let key: String
        package let content: Content
        /// The size in bytes.
        package let size: Int
        package let phase: Phase
        package let label: Label
        /// Whether the object exists only for servers without the referrers API.
        package var isFallback = false
    }

    /// The headers of an object, for servers that store headers.
    package struct Label: Hashable, Sendable {
        package let mediaType: MediaType
        /// Whether the key contains the digest of the bytes.
        package let isNamedByContent: Bool

        package var cacheControl: String {
            isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache"
        }
    }

    package let form: RemoteForm
    package internal(set) var objects: [Object]
    /// Keys to remove from the remote, namely tags with the extension of a manifest kind that they
    /// no longer have.
    package let stale: [String]

    /// The key of the object for `GET /v2/` in a bucket; most tools can't write a key that ends
    /// with a slash.
    package static let rootKey = "v2/"
    /// The key of the list of repositories.
    static let catalogKey = "v2/_catalog"

    /// Creates a publication with an object for each URL of the API.
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

    /// Creates a publication with the files of a portable site, including all derived files, for a
    /// server that uses the configuration from the site.
    ///
    /// The signature of the site is included only if it is for the index.json that is published.
    package init(
        filesOf plan: SitePlan,
        _ index: SiteIndex,
        derived: [FileContent],
        pages: [FileContent] = [],
        signature: FileContent? = nil
    ) {
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
        objects += derived.map { Object($0.path, $0.bytes, phase: .manifests) }
        objects += plan.tagFiles.map { Object($0.path, $0.bytes, phase: .tags) }
        let contentTypes = plan.contentTypes
        let others = (derived + pages).digests
        let list = FileList(plan.digests(contentTypes).merging(others) { $1 })
        var index = index
        index.list = Digest(of: list.bytes)
        let indexFile = FileContent(SiteIndex.path, index.bytes)
        var last = plan.lists + [SitePlan.ociLayout, indexFile, list.file, contentTypes]
        if let signature, signature.path == SignaturePath.of(Digest(of: indexFile.bytes)) {
            last.append(signature)
        }
        objects += last.map { Object($0.path, $0.bytes, phase: .lists) }
        objects += pages.map(Object.init(page:))
        sort()
    }

    init(files objects: [Object]) {
        form = .files
        stale = []
        self.objects = objects
        sort()
    }

    /// Returns the publication without blobs that the store lacks.
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

/// The form of a site on a remote.
package enum RemoteForm: String, Sendable {
    /// One object with a media type for each URL, for stores that keep the types and serve the
    /// objects themselves.
    case objects
    /// The files of a portable site, for remotes that only store files, so that a server with rules
    /// must serve them.
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
