// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The media type in a descriptor, such as `application/vnd.oci.image.layer.v1.tar+gzip`.
///
/// The names follow RFC 6838 §4.2. A text with parameters is refused, because clients compare the
/// whole text.
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init?(_ text: String) {
        // A fast path: nearly every descriptor has a common type, and large sites have many
        // descriptors.
        if let known = Self.common[text] {
            self = known
            return
        }
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy(Self.isRestrictedName) else { return nil }
        description = text
    }

    fileprivate init(known: String) { description = known }

    private static let common: [String: MediaType] = Dictionary(
        uniqueKeysWithValues: (ManifestKind.allCases.map(\.mediaType)
            + LayerEncoding.allCases.flatMap { encoding in
                [ManifestKind.ociManifest, .dockerManifest].compactMap { layer(encoding, in: $0) }
            } + [.ociConfig, .dockerConfig])
            .map { ($0.description, $0) }
    )

    private static func isRestrictedName(_ text: Substring) -> Bool {
        guard (1...127).contains(text.utf8.count), let first = text.unicodeScalars.first,
            first.isASCII, first.properties.isAlphabetic || first.properties.numericType != nil
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "!#$&-^_.+".utf8.contains(byte)
            }
        }
    }
}

extension MediaType {
    package static let ociConfig = MediaType(known: "application/vnd.oci.image.config.v1+json")
    package static let dockerConfig = MediaType(
        known: "application/vnd.docker.container.image.v1+json"
    )
    package static let octetStream = MediaType(known: "application/octet-stream")
    package static let json = MediaType(known: "application/json")
    package static let html = MediaType(known: "text/html")
    package static let css = MediaType(known: "text/css")
    package static let javaScript = MediaType(known: "text/javascript")
    package static let plainText = MediaType(known: "text/plain")

    /// Whether clients fetch the blob from another server, so that engines rarely save its bytes.
    ///
    /// <https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#non-distributable-layers>
    package var isForeignLayer: Bool {
        description.hasPrefix("application/vnd.oci.image.layer.nondistributable.")
            || description.hasPrefix("application/vnd.docker.image.rootfs.foreign.")
    }

    package var isImageConfig: Bool { self == .ociConfig || self == .dockerConfig }
}

/// The four kinds of document that a registry serves under `/manifests/`.
///
/// The raw value is the extension of file names from which the store and the web servers know the
/// kind.
package enum ManifestKind: String, Hashable, Sendable, CaseIterable {
    case ociManifest = "oci-manifest"
    case ociIndex = "oci-index"
    case dockerManifest = "docker-manifest"
    case dockerList = "docker-list"

    package init?(_ mediaType: MediaType) {
        guard let kind = Self.allCases.first(where: { $0.mediaType == mediaType }) else {
            return nil
        }
        self = kind
    }

    package var mediaType: MediaType {
        switch self {
        case .ociManifest: MediaType(known: "application/vnd.oci.image.manifest.v1+json")
        case .ociIndex: MediaType(known: "application/vnd.oci.image.index.v1+json")
        case .dockerManifest:
            MediaType(known: "application/vnd.docker.distribution.manifest.v2+json")
        case .dockerList:
            MediaType(known: "application/vnd.docker.distribution.manifest.list.v2+json")
        }
    }

    /// Whether documents of this kind list manifests, not layers.
    package var isIndex: Bool { self == .ociIndex || self == .dockerList }
}

extension MediaType {
    /// The type of a layer in a manifest of the given kind, for manifests that regstatic writes.
    ///
    /// Nil for zstd in a Docker schema 2 manifest, because Docker has no media type for zstd
    /// layers.
    package static func layer(_ encoding: LayerEncoding, in kind: ManifestKind) -> MediaType? {
        switch (kind, encoding) {
        case (.dockerManifest, .none):
            MediaType(known: "application/vnd.docker.image.rootfs.diff.tar")
        case (.dockerManifest, .gzip):
            MediaType(known: "application/vnd.docker.image.rootfs.diff.tar.gzip")
        case (.dockerManifest, .zstd): nil
        case (_, .none): MediaType(known: "application/vnd.oci.image.layer.v1.tar")
        case (_, .gzip): MediaType(known: "application/vnd.oci.image.layer.v1.tar+gzip")
        case (_, .zstd): MediaType(known: "application/vnd.oci.image.layer.v1.tar+zstd")
        }
    }
}

/// The encoding of a layer's tar in its blob, if registries and clients know the encoding.
package enum LayerEncoding: String, Hashable, Sendable, CaseIterable {
    case none, gzip, zstd
}
