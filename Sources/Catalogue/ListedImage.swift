// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// One image as its repository's page lists it: one manifest or index with all its tags.
struct ListedImage {
    let root: Digest
    /// The tags, newest version first.
    let tags: [Tag]
    let isMade: Bool
    /// Whether all its entries are replaced, so that `prune` will remove it.
    let isReplaced: Bool
    let kind: ManifestKind?
    /// The manifests of the index except attestations, in the order of the index; only the image
    /// itself if it has no index.
    let platforms: [PlatformImage]
    /// The manifests that the index lists but the site lacks.
    let absent: [Descriptor]
    /// Foreign layers that the site lacks.
    let foreign: [Descriptor]
    /// Attestations inside the index.
    let attestations: [Descriptor]

    init(_ root: Digest, entries: [SiteIndex.Entry], contents: PageContents) {
        self.root = root
        tags = entries.compactMap(\.tag).sorted { Self.isNewer("\($0)", "\($1)") }
        isMade = entries.contains(where: \.isMade)
        isReplaced = entries.allSatisfy(\.isReplaced)
        let node = contents.graph.nodes[root]
        kind = node?.kind
        let children = node?.manifest.manifests ?? []
        let isIndex = node?.kind.isIndex == true
        let there = children.filter { contents.graph.nodes[$0.digest] != nil }
        attestations = there.filter { $0.isAttestation }
        absent = children.filter { contents.graph.nodes[$0.digest] == nil }
        foreign = contents.graph.foreignLayers(below: root)
        let single = entries.first.map { [$0.manifest] } ?? []
        platforms = (isIndex ? there.filter { !$0.isAttestation } : single)
            .map { PlatformImage($0, contents) }
    }

    /// The latest build time of its platforms; nil if no platform has one.
    var created: String? { platforms.compactMap(\.created).max() }

    var anchor: String { "i\(root.hex.prefix(16))" }

    var isWhole: Bool { platforms.allSatisfy { !$0.isUnreadable } }

    /// Orders images with a build time newest first, then images without one; replaced images come
    /// last.
    static func comesBefore(_ left: ListedImage, _ right: ListedImage) -> Bool {
        if left.isReplaced != right.isReplaced { return right.isReplaced }
        if left.created != right.created { return left.created ?? "" > right.created ?? "" }
        let names = (left.tags.first?.description ?? "", right.tags.first?.description ?? "")
        return names.0 == names.1 ? left.root < right.root : isNewer(names.0, names.1)
    }

    /// Compares two tags as versions, with digits compared as numbers; `latest` is the newest.
    static func isNewer(_ left: String, _ right: String) -> Bool {
        if left == "latest" || right == "latest" { return left == "latest" && right != "latest" }
        var (left, right) = (Array(left.utf8)[...], Array(right.utf8)[...])
        while let first = left.first, let second = right.first {
            if isDigit(first), isDigit(second) {
                let numbers = (number(&left), number(&right))
                guard numbers.0 == numbers.1 else {
                    guard numbers.0.count == numbers.1.count else {
                        return numbers.0.count > numbers.1.count
                    }
                    return numbers.1.lexicographicallyPrecedes(numbers.0)
                }
            } else {
                guard first == second else { return first > second }
                (left, right) = (left.dropFirst(), right.dropFirst())
            }
        }
        return left.count > right.count
    }

    private static func number(_ text: inout ArraySlice<UInt8>) -> [UInt8] {
        let digits = text.prefix(while: isDigit)
        text = text.dropFirst(digits.count)
        return Array(digits.drop { $0 == 48 })
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

/// An image of one platform, or an artifact.
struct PlatformImage {
    let descriptor: Descriptor
    let platform: Platform?
    let config: ConfigView?
    let configDigest: Digest?
    let layers: [Descriptor]
    /// Whether its configuration is missing or damaged.
    let isUnreadable: Bool
    /// The type of an artifact; nil for a container image.
    let artifactType: String?

    init(_ descriptor: Descriptor, _ contents: PageContents) {
        self.descriptor = descriptor
        let manifest = contents.graph.nodes[descriptor.digest]?.manifest
        guard case .image(let config, let layers)? = manifest?.content else {
            (platform, self.config, configDigest) = (descriptor.platform, nil, nil)
            (self.layers, isUnreadable, artifactType) = ([], false, nil)
            return
        }
        self.layers = layers
        configDigest = config.digest
        guard config.mediaType.isImageConfig else {
            (platform, self.config, isUnreadable) = (descriptor.platform, nil, false)
            artifactType = manifest?.artifactType ?? config.mediaType.description
            return
        }
        artifactType = nil
        let json = contents.document(config.digest).flatMap { try? JSON(parsing: $0) }
        self.config = json.map(ConfigView.init)
        isUnreadable = json == nil
        platform = descriptor.platform ?? self.config?.platform
    }

    var created: String? { config?.created }
}

extension Descriptor {
    /// Whether this is an attestation as BuildKit stores it.
    ///
    /// BuildKit adds the attestation to the index as a manifest, whose annotation names the image.
    ///
    /// <https://github.com/moby/buildkit/blob/v0.25.0/docs/attestations/attestation-storage.md>
    var isAttestation: Bool { annotation("vnd.docker.reference.type") != nil }
}
