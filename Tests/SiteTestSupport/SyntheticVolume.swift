// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import TestSupport

/// The data of a registry program, as a test makes it.
package struct SyntheticVolume: Sendable {
    package static let root = "registry/docker/registry/v2"
    package var members: [TarMember] = []

    package init() {}

    package static func blobPath(_ digest: Digest) -> String {
        "\(root)/blobs/sha256/\(digest.hex.prefix(2))/\(digest.hex)/data"
    }

    package static func tagPath(_ name: String, _ tag: String) -> String {
        "\(root)/repositories/\(name)/_manifests/tags/\(tag)/current/link"
    }

    /// Stores a blob; what is there already stays.
    @discardableResult
    package mutating func add(_ blob: [UInt8]) -> Digest {
        let digest = Digest(of: blob)
        let path = Self.blobPath(digest)
        if members.content(path) == nil { members.append(.file(path, blob)) }
        return digest
    }

    /// Stores a manifest and says that a repository has it, under a tag if there is one.
    @discardableResult
    package mutating func push(_ manifest: [UInt8], _ name: String, tag: String? = nil) -> Digest {
        let digest = add(manifest)
        let repository = "\(Self.root)/repositories/\(name)"
        members.append(
            .file("\(repository)/_manifests/revisions/sha256/\(digest.hex)/link", "\(digest)")
        )
        if let tag { members.append(.file(Self.tagPath(name, tag), "\(digest)")) }
        return digest
    }

    /// Pushes an image with gzip layers.
    @discardableResult
    package mutating func push(
        _ image: SyntheticImage,
        _ name: String,
        tag: String? = nil
    ) -> Digest {
        for layer in image.layers { add(Packed.gzip(layer)) }
        add(image.config)
        return push(
            image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip"),
            name,
            tag: tag
        )
    }
}
