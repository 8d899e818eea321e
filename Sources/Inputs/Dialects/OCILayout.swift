// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI
internal import Signatures

/// The OCI layout dialect, based on `index.json`.
///
/// Docker 25 and later, containerd, BuildKit, podman, skopeo, oras and regctl write it, and so does
/// regstatic.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md>
package struct OCILayout {
    /// The listed manifests, each once with all its names, in the order of `index.json`.
    let roots: [LayoutRoot]
    /// The settings and records of the site; nil if the layout is not a site.
    let site: SiteMetadata?

    /// Who signed the site; nil if this wasn't checked.
    let signer: Signer?

    /// Entries that can't be read; each affects only its own image.
    let faults: [ImageFault]

    /// Whether the index belongs to a site.
    var isSite: Bool { site != nil }
    /// Whether an export of a site wrote the index.
    let isExported: Bool

    static let path = "index.json"

    /// Nil if the archive has no `index.json`.
    ///
    /// With `signers`, refuses a site whose signature isn't accepted, unless the digest of its index
    /// is `accepted`.
    init?(
        _ source: some MemberSource,
        replacement: GivenName? = nil,
        signers: SignerPolicy? = nil,
        accepted: Set<Digest> = []
    ) throws(SourceFault) {
        guard source.members.contains(Self.path) else { return nil }
        let file = try source.file(Self.path, neededBy: "the archive")
        // The signature is checked before anything in the index is parsed.
        let proof = try signers.map { policy throws(SourceFault) in
            try SiteProof(of: file, in: source, policy)
        }
        let document = try Self.index(file, in: source)
        let json = document.json
        let inSite = json["annotations"]?[SiteMark.site] != nil
        let isProven = !inSite || accepted.contains(document.digest)
        signer = isProven ? nil : try proof?.signer(of: document, in: source)
        isExported = json["annotations"]?[SiteMark.export] != nil
        site =
            inSite
            ? SiteMetadata(
                annotations: json["annotations"]?.members ?? [],
                inputs: Self.inputs(in: source)
            ) : nil
        // Docker 25 wrote `null` for an empty list.
        let entries = json["manifests"].flatMap { $0.isNull ? [] : $0.array }
        guard let entries else { throw .manifest(.field("manifests"), document: Self.path) }
        var (roots, faults) = Self.roots(entries, inSite: inSite, replacement)
        if !inSite { faults += Attachments(source).attach(&roots) }
        (self.roots, self.faults) = (roots, faults)
    }

    private static func index(
        _ file: MemberFile,
        in source: some MemberSource
    ) throws(SourceFault) -> RawDocument {
        do throws(SourceFault) { return try source.document(file, limits: .list) } catch {
            guard case .json(let reason, _) = error, source.members.contains(SitePath.contentTypes)
            else { throw error }
            throw .siteIndex(reason, isFolder: source.sample is FolderSample)
        }
    }

    /// Reads a site's record of its inputs; nil if it is unreadable.
    ///
    /// The error of an unreadable record is ignored, so that regstatic doesn't refuse intact images
    /// because of it.
    static func inputs(in source: some MemberSource) -> JSON? {
        guard source.members.contains(SitePath.inputs),
            let file = try? source.file(SitePath.inputs, neededBy: path)
        else { return nil }
        return try? source.document(file, limits: .list).json
    }

    private static func roots(
        _ entries: [JSON],
        inSite: Bool,
        _ replacement: GivenName?
    ) -> ([LayoutRoot], [ImageFault]) {
        var roots: [LayoutRoot] = []
        var faults: [ImageFault] = []
        var positions: [Digest: Int] = [:]
        for (index, entry) in entries.enumerated() {
            guard let descriptor = Descriptor(entry) else {
                faults.append(fault(of: entry, at: index))
                continue
            }
            do throws(SourceFault) {
                let names = try ImageName.annotated(
                    descriptor,
                    inSite: inSite,
                    replacement: replacement
                )
                if let position = positions[descriptor.digest] {
                    roots[position].names += names.filter { !roots[position].names.contains($0) }
                } else {
                    positions[descriptor.digest] = roots.count
                    roots.append(LayoutRoot(descriptor: descriptor, names: names))
                }
            } catch {
                faults.append((descriptor.digest.description, error))
            }
        }
        return (roots, faults)
    }

    private static func fault(of entry: JSON, at index: Int) -> ImageFault {
        let field = "manifests[\(index)]"
        let error = Descriptor.otherDigest(entry)
            .map { digest in
                ManifestError.algorithm(field: field, digest: digest)
            }
        let annotations = entry["annotations"]
        // Prefer containerd's name, because the other name is often only a tag.
        let name =
            annotations?[AnnotationKey.containerdName]?.string
            ?? annotations?[AnnotationKey.refName]?.string
        return (name, .manifest(error ?? .field(field), document: path))
    }
}
