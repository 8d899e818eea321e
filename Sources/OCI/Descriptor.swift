// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A reference to content: its type, digest and size.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md>
package struct Descriptor: Hashable, Sendable {
    package var mediaType: MediaType
    package var digest: Digest
    /// Bytes.
    package var size: Int
    package var platform: Platform? {
        get { extras?.platform }
        set { update { $0.platform = newValue } }
    }
    package var artifactType: String? {
        get { extras?.artifactType }
        set { update { $0.artifactType = newValue } }
    }
    /// Other URLs of the content; a foreign layer is available only there.
    package var urls: [String] {
        get { extras?.urls ?? [] }
        set { update { $0.urls = newValue } }
    }
    package var annotations: [JSON.Member] {
        get { extras?.annotations ?? [] }
        set { update { $0.annotations = newValue } }
    }
    /// The optional parts, allocated separately because a site can have thousands of descriptors,
    /// and most of them have no optional parts.
    private var box = Box.empty

    private struct Extras: Hashable {
        var platform: Platform?
        var artifactType: String?
        var urls: [String] = []
        var annotations: [JSON.Member] = []
    }

    private enum Box: Hashable {
        case empty
        indirect case extras(Extras)
    }

    private var extras: Extras? {
        guard case .extras(let extras) = box else { return nil }
        return extras
    }

    private mutating func update(_ change: (inout Extras) -> Void) {
        var extras = extras ?? Extras()
        change(&extras)
        box = extras == Extras() ? .empty : .extras(extras)
    }

    package init(
        mediaType: MediaType,
        digest: Digest,
        size: Int,
        platform: Platform? = nil,
        artifactType: String? = nil,
        urls: [String] = [],
        annotations: [JSON.Member] = []
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        update {
            $0 = Extras(
                platform: platform,
                artifactType: artifactType,
                urls: urls,
                annotations: annotations
            )
        }
    }

    /// The maximum size, a petabyte, which is larger than any blob, but small enough that sums
    /// don't overflow.
    package static let maximumSize = 1 << 50

    /// Decodes a descriptor in a document; nil if a required part is missing or invalid.
    package init?(_ json: JSON) {
        guard let type = json["mediaType"]?.string.flatMap(MediaType.init),
            let digest = json["digest"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.integer, (0...Self.maximumSize).contains(size)
        else { return nil }
        self.init(
            mediaType: type,
            digest: digest,
            size: size,
            platform: json["platform"].flatMap(Platform.init),
            artifactType: json["artifactType"]?.string,
            urls: json["urls"]?.array?.compactMap(\.string) ?? [],
            annotations: json["annotations"]?.members ?? []
        )
    }

    /// The digest in a descriptor, if the digest has another algorithm than SHA-256, such as
    /// `sha512:…`.
    package static func otherDigest(_ json: JSON) -> String? {
        guard let text = json["digest"]?.string, let colon = text.firstIndex(of: ":") else {
            return nil
        }
        let (algorithm, encoded) = (text[..<colon], text[colon...].dropFirst())
        let isName = algorithm.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        guard isName, !algorithm.isEmpty, !encoded.isEmpty, algorithm != "sha256" else {
            return nil
        }
        return text
    }

    package func annotation(_ key: String) -> String? {
        annotations.first { $0.key == key }?.value.string
    }

    package var json: JSON { json(annotations: annotations) }

    /// The descriptor with other annotations.
    package func json(annotations: [JSON.Member]) -> JSON {
        .object([
            "mediaType": .string(mediaType.description),
            "digest": .string(digest.description),
            "size": .integer(size),
            "urls": urls.isEmpty ? nil : .array(urls.map(JSON.string)),
            "platform": platform?.json,
            "artifactType": artifactType.map(JSON.string),
            "annotations": annotations.isEmpty ? nil : .object(annotations),
        ])
    }
}

/// Annotation keys that producers put on the entries of an `index.json`.
package enum AnnotationKey {
    /// A tag or a full reference, depending on the producer.
    package static let refName = "org.opencontainers.image.ref.name"
    /// The full reference, written by containerd and by tools that use its exporter.
    package static let containerdName = "io.containerd.image.name"
    /// The repositories that an image was pulled from: `containerd.io/distribution.source.<host>`.
    package static let distributionSource = "containerd.io/distribution.source."
}

extension Descriptor {
    /// The image that a BuildKit attestation describes.
    ///
    /// <https://github.com/moby/buildkit/blob/v0.13.0/docs/attestations/attestation-storage.md>
    package var attested: Digest? {
        annotation("vnd.docker.reference.digest").flatMap { Digest($0) }
    }
}
