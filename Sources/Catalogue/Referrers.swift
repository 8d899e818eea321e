// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The referrers of each image: signatures, SBOMs, attestations.
///
/// A referrer is found by its `subject`, by a tag such as `sha256-HEX.sig`, or inside an image's
/// index.
struct Referrers {
    struct Item {
        let digest: Digest
        let size: Int
        let kind: String
        let type: String
        /// The tag through which this referrer was found; nil if it was found in another way.
        let tag: Tag?
    }

    private var items: [Digest: [Item]] = [:]
    /// The entries that the page lists below their image, not as separate images.
    private(set) var entries: Set<SiteIndex.Entry> = []

    init(_ view: RepositoryView, entries: [SiteIndex.Entry], graph: SiteGraph) {
        for (subject, descriptors) in view.referrers(graph) where view.manifests.contains(subject) {
            items[subject, default: []] += descriptors.map { Item($0, tag: nil) }
            let digests = Set(descriptors.map(\.digest))
            for entry in entries where entry.tag == nil && digests.contains(entry.manifest.digest) {
                self.entries.insert(entry)
            }
        }
        for entry in entries {
            guard let tag = entry.tag, let (subject, suffix) = tag.attachment,
                view.manifests.contains(subject)
            else { continue }
            self.entries.insert(entry)
            items[subject, default: []].append(Item(entry.manifest, tag: tag, suffix: suffix))
        }
    }

    func items(of subjects: [Digest]) -> [Item] {
        subjects.flatMap { items[$0] ?? [] }
    }
}

extension Referrers.Item {
    init(_ descriptor: Descriptor, tag: Tag?, suffix: String? = nil) {
        (digest, size, self.tag) = (descriptor.digest, descriptor.size, tag)
        type = descriptor.artifactType ?? descriptor.mediaType.description
        kind =
            switch suffix {
            case "sig": "Signature"
            case "att": "Attestation"
            case "sbom": "SBOM"
            case "": "List of referrers"
            default: descriptor.isAttestation ? "Attestation" : Self.kind(type.lowercased())
            }
    }

    private static func kind(_ type: String) -> String {
        func has(_ words: String...) -> Bool { words.contains { type.contains($0) } }
        if has("signature", "cosign.artifact.sig", "notary", "simplesigning") { return "Signature" }
        if has("spdx", "cyclonedx", "sbom", "syft") { return "SBOM" }
        if has("in-toto", "attestation", "provenance", "dsse", "sigstore.bundle") {
            return "Attestation"
        }
        return "Artifact"
    }
}
