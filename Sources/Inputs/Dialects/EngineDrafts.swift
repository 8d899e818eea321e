// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// The images of a saved archive or layout: what `index.json` and `manifest.json` say together.
///
/// Engines write both into one archive, and each is known to be wrong or short at times: Docker 25
/// wrote manifests without layers or with shuffled ones; `index.json` lists only the first of
/// several untagged images (moby#51389).
struct EngineDrafts {
    private(set) var found = FoundImages()

    /// Whether this is what Docker ≥ 25 with a graph driver writes: manifests invented at save time
    /// over raw layers.
    ///
    /// `repositories` gives it away, or, if nothing is tagged, `LayerSources`.
    private let inventsManifests: Bool
    private let absence: Absence

    /// An image of `manifest.json`.
    private struct Entry {
        let names: [ImageName]
        let parts: ConfigAndLayers
        /// What `index.json` calls it.
        var extraNames: [ImageName] = []
        /// Whether a manifest of `index.json` is served for it.
        var isServed = false
    }

    /// By repository of a site: the manifests of its images, also those that are not taken in.
    private var reached: [RepositoryName: Set<Digest>] = [:]
    /// The names in `index.json`.
    private let listed: Set<ImageName>
    private var entries: [Entry] = []
    private var byConfig: [Digest: [Int]] = [:]

    /// Nil if the input has neither.
    init?(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        let docker = try DockerArchive(source)
        let layout = try OCILayout(source)
        guard docker != nil || layout != nil else { return nil }
        found.siteAnnotations = layout?.siteAnnotations ?? []
        found.siteInputs = layout?.siteInputs
        inventsManifests =
            layout != nil && docker != nil
            && (docker?.describesLayers == true || source.members.contains("repositories"))
        // Only engines leave blobs out on purpose, and those write both lists.
        let isFromEngine = docker != nil && layout?.isExported != true
        let evidence = source.carriedBySite()
        absence = isFromEngine ? .byDesign : .isDamage(carried: evidence.digests)
        if let fault = evidence.fault { found.faults.append((nil, fault)) }
        listed = Set(layout?.roots.flatMap(\.names) ?? [])
        for image in docker?.images ?? [] { add(image, in: source) }
        for root in layout?.roots ?? [] {
            do throws(SourceFault) {
                try add(root, in: source, selection)
            } catch {
                found.faults += root.labels.map { ($0, error) }
            }
        }
        if let layout, layout.isSite { found.faults += unlisted(in: source, layout) }
        for entry in entries where !entry.isServed {
            let names = entry.names + entry.extraNames.filter { !entry.names.contains($0) }
            found.drafts.append(.made(entry.parts, names))
        }
        guard !found.drafts.isEmpty || !found.faults.isEmpty else { throw .noImages }
    }

    /// Names that the rest of a site has, and its index.json lacks or gives to another manifest: it is
    /// damaged, or older than the rest.
    ///
    /// What is served by digest is compared only if all images were read: otherwise nobody knows which
    /// digests belong to them.
    private func unlisted(in source: some MemberSource, _ layout: OCILayout) -> [FoundImages.Fault]
    {
        var listed: [ImageName: Digest] = [:]
        for root in layout.roots {
            for name in root.names { listed[name] = root.descriptor.digest }
        }
        let names = SiteNames(source, known: { _ in true })
        let isComplete = found.faults.isEmpty
        return names.served
            .filter { served in
                guard served.tag == nil else { return listed[ImageName(served)] != served.manifest }
                let known = reached[served.repository] ?? []
                return isComplete && !known.contains(served.manifest)
                    && !names.computed.contains(served.manifest)
            }
            .map { ($0.description, .unlisted($0.description, $0.manifest)) }
    }

    private mutating func add(_ image: DockerArchive.Image, in source: some MemberSource) {
        do throws(SourceFault) {
            let names = try ImageName.repoTags(image.repoTags)
            let parts = try ConfigAndLayers(
                config: image.config,
                layers: image.layers,
                listedBy: DockerArchive.path,
                in: source
            )
            byConfig[parts.config.digest, default: []].append(entries.count)
            entries.append(Entry(names: names, parts: parts))
        } catch {
            found.faults.append((image.repoTags?.array?.first?.string, error))
        }
    }

    private mutating func add(
        _ root: OCILayout.Root,
        in source: some MemberSource,
        _ selection: Selection
    ) throws(SourceFault) {
        let isMade = root.descriptor.annotation(OCILayout.madeMark) != nil
        let graph = try ManifestGraph(
            root.descriptor,
            in: source,
            selection,
            absence: absence,
            isMade: isMade
        )
        let matches = Set(graph.images.map(\.config)).flatMap { byConfig[$0] ?? [] }.sorted()
        switch verdict(on: graph, hasEntries: !matches.isEmpty) {
        case .refuse(let fault): throw fault
        case .make:
            for match in matches { entries[match].extraNames += root.names }
        case .serve:
            var names = root.names
            for match in matches where !entries[match].isServed {
                // A name that index.json gives to another manifest is that one's: two manifests may
                // share a config.
                names += entries[match].names.filter { !names.contains($0) && !listed.contains($0) }
                entries[match].isServed = true
            }
            found.drafts.append(.served(graph, names))
            for case .served(let repository, _) in root.names {
                reached[repository, default: []].formUnion(graph.known)
            }
        }
    }

    /// What becomes of a manifest of `index.json`.
    private enum Verdict {
        /// It is served, to the byte.
        case serve
        /// No registry ever had it: one is made of what `manifest.json` lists.
        case make
        case refuse(SourceFault)
    }

    private func verdict(on graph: ManifestGraph, hasEntries: Bool) -> Verdict {
        let disagreement = graph.images.lazy.compactMap(\.disagreement).first
        let isInvented = inventsManifests && graph.images.contains(where: \.hasRawLayers)
        if hasEntries, disagreement != nil || isInvented { return .make }
        return disagreement.map(Verdict.refuse) ?? .serve
    }
}

extension OCILayout.Root {
    /// How faults call the image: once for each name.
    fileprivate var labels: [String] {
        names.isEmpty ? [descriptor.digest.description] : names.map(\.label)
    }
}
