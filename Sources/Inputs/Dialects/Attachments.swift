// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel

/// Determines the tags under which a registry has the signatures, attestations and SBOMs of a layout.
///
/// `cosign save` and Hauler write each of these attachments as an entry with the name of its image,
/// so the name can't be used for the attachment. The annotation `kind` shows what the entry is, for
/// example `dev.cosignproject.cosign/sigs`.
///
/// <https://github.com/sigstore/cosign/blob/v2.4.0/pkg/oci/layout/write.go>
struct Attachments {
    /// The relation of an entry of index.json to the image whose name it has.
    private enum Role {
        case image
        /// Content that clients find by a tag, `sha256-<digest of the image>.<suffix>`.
        case tagged(suffix: String)
        /// Content that clients find by its `subject`.
        case referrer
    }

    private let source: any MemberSource

    init(_ source: some MemberSource) {
        self.source = source
    }

    /// Replaces the names of attachments.
    ///
    /// - Returns: the faults of attachments whose image isn't known; these attachments are removed
    ///   from `roots`.
    func attach(_ roots: inout [LayoutRoot]) -> [ImageFault] {
        guard roots.contains(where: { !Self.isImage($0) }) else { return [] }
        let images = roots.filter(Self.isImage)
        var faults: [ImageFault] = []
        var attached: [LayoutRoot] = []
        for var root in roots {
            switch Self.role(of: root.descriptor) {
            case .image: break
            case .referrer: root.names = []
            case .tagged(let suffix):
                guard let image = image(of: root, among: images),
                    let tag = Tag("sha256-\(image.hex).\(suffix)")
                else {
                    let kind = root.descriptor.annotation(Self.kind) ?? suffix
                    faults.append((root.names.first?.label, .unattached(kind: kind)))
                    continue
                }
                root.names = Self.names(root.names, with: tag)
            }
            attached.append(root)
        }
        roots = attached
        return faults
    }

    private static let kind = "kind"

    private static func isImage(_ root: LayoutRoot) -> Bool {
        if case .image = role(of: root.descriptor) { true } else { false }
    }

    private static func role(of entry: Descriptor) -> Role {
        let parts = (entry.annotation(kind) ?? "").split(separator: "/")
        guard parts.count > 1 else { return .image }
        if parts[1] == "referrers" { return .referrer }
        return switch parts[1] {
        case "sigs": .tagged(suffix: "sig")
        case "atts": .tagged(suffix: "att")
        case "sboms": .tagged(suffix: "sbom")
        default: .image
        }
    }

    /// Returns names with the same repositories, but with the tag of the attachment.
    private static func names(_ names: [ImageName], with tag: Tag) -> [ImageName] {
        guard !names.isEmpty else { return [.tag(tag)] }
        return names.map { name in
            switch name {
            case .reference(let reference):
                .reference(
                    Reference(
                        host: reference.host,
                        repository: reference.repository,
                        tag: tag,
                        digest: nil
                    )
                )
            case .tag: .tag(tag)
            case .served(let repository, _): .served(repository, tag)
            }
        }
    }

    /// The digest of the image that the attachment describes: the digest in a signature's payload,
    /// or else the digest of the only image with the same name.
    private func image(of root: LayoutRoot, among images: [LayoutRoot]) -> Digest? {
        if let signed = signedDigest(root.descriptor) { return signed }
        let same = images.filter { image in
            image.names.isEmpty && root.names.isEmpty
                || !Set(image.names).isDisjoint(with: root.names)
        }
        return same.count == 1 ? same[0].descriptor.digest : nil
    }

    /// The digest in the payload of a signature; nil for other content.
    ///
    /// <https://github.com/sigstore/cosign/blob/v2.4.0/specs/SIGNATURE_SPEC.md#simple-signing>
    private func signedDigest(_ signature: Descriptor) -> Digest? {
        guard let manifest = document(signature.digest),
            let layer = manifest["layers"]?.array?.first,
            layer["mediaType"]?.string == "application/vnd.dev.cosign.simplesigning.v1+json",
            let payload = layer["digest"]?.string.flatMap({ Digest($0) }).flatMap(document)
        else { return nil }
        let image = payload["critical"]?["image"]
        return image?["docker-manifest-digest"]?.string.flatMap { Digest($0) }
    }

    /// A document of the layout; nil if it is missing or damaged.
    ///
    /// The caller needn't report this, because the later reading of the attachment reports it.
    private func document(_ digest: Digest) -> JSON? {
        guard let file = try? source.file(digest.blobPath, neededBy: SiteIndex.path),
            let document = try? source.document(file), document.digest == digest
        else { return nil }
        return document.json
    }
}
