// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The images of a saved archive or layout, combined from `index.json` and `manifest.json`.
///
/// Engines write both into one archive, and each file is sometimes wrong or incomplete. Docker 25
/// wrote manifests without layers or with shuffled layers, and `index.json` lists only the first of
/// several untagged images (moby#51389).
struct EngineDrafts {
    private(set) var found = FoundImages()

    /// Whether Docker ≥ 25 with a graph driver wrote the archive, so that Docker invented its
    /// manifests for raw layers when it saved the images.
    ///
    /// Such an archive has a file `repositories`, or only `LayerSources` if no image has a tag.
    private let inventsManifests: Bool
    private let absence: Absence
    /// The user's name for images whose own names are invalid.
    private let replacement: GivenName?

    /// An image of `manifest.json`.
    private struct Entry {
        let names: [ImageName]
        let parts: ConfigAndLayers
        /// The additional names of the image in `index.json`.
        var extraNames: [ImageName] = []
        /// Whether the site will serve a manifest of `index.json` for this image.
        var isServed = false
        /// Whether the archive has the real manifest of this image, but damaged.
        var isRefused = false
    }

    /// Repository of a site → manifests of its images, including skipped manifests.
    private var reached: [RepositoryName: Set<Digest>] = [:]
    /// The names in `index.json`.
    private let listed: Set<ImageName>
    private var entries: [Entry] = []
    private var byConfig: [Digest: [Int]] = [:]
    /// The images of `index.json` that were refused because of a damaged member.
    private var damagedRoots: [(names: [ImageName], fault: SourceFault)] = []
    /// The reason why an image of `manifest.json` was refused; nil if no image was refused.
    private var refusal: SourceFault?
    /// The names of refused images of `manifest.json`, and the configs of those without a name.
    private var refusedNames: Set<ImageName> = []
    private var refusedConfigs: Set<Digest> = []

    /// Nil if the input has neither `index.json` nor `manifest.json`.
    init?(_ source: some MemberSource, _ selection: Selection) throws(SourceFault) {
        let docker = try DockerArchive(source)
        replacement = selection.replacement
        let layout = try OCILayout(
            source,
            replacement: replacement,
            signers: selection.signers,
            accepted: selection.accepted
        )
        guard docker != nil || layout != nil else { return nil }
        try Self.checkCount(docker?.images.map { $0.repoTags?.array?.count ?? 1 } ?? [])
        try Self.checkCount(layout?.roots.map { max(1, $0.names.count) } ?? [])
        (found.site, found.signer) = (layout?.site, layout?.signer)
        inventsManifests =
            layout != nil && docker != nil
            && (docker?.describesLayers == true || source.members.contains("repositories"))
        // Only engines skip blobs on purpose, and engines write both files. regstatic's exports of
        // a site also have both files, but are complete.
        let isFromEngine = docker != nil && layout?.isExported != true
        let evidence = source.carriedBySite()
        absence =
            source.cut != nil
            ? .isCut : isFromEngine ? .byDesign : .isDamage(carried: evidence.digests)
        if let fault = evidence.fault { found.faults.append((nil, fault)) }
        listed = Set(layout?.roots.flatMap(\.names) ?? [])
        found.faults += docker?.faults ?? []
        refusal = docker?.faults.first?.fault
        for image in docker?.images ?? [] { add(image, in: source) }
        let badNames = found.faults.compactMap(\.fault.badName)
        found.faults += (layout?.faults ?? [])
            .filter { fault in
                // In `index.json`, the name may also have a host.
                guard let name = fault.fault.badName else { return true }
                return !badNames.contains { name == $0 || name.hasSuffix("/\($0)") }
            }
        for root in layout?.roots ?? [] {
            do throws(SourceFault) {
                try add(root, in: source, selection)
            } catch {
                refuse(root, error, in: source, selection)
            }
        }
        refuseEntriesOfDamagedRoots()
        if let layout, layout.isSite { found.faults += unlisted(in: source, layout) }
        for entry in entries where !entry.isServed && !entry.isRefused {
            let names = entry.names + entry.extraNames.filter { !entry.names.contains($0) }
            found.drafts.append(.made(entry.parts, names))
        }
        guard !found.drafts.isEmpty || !found.faults.isEmpty else { throw .noImages }
    }

    /// Refuses an input with more names than a site can have, before memory is spent on them.
    private static func checkCount(_ counts: [Int]) throws(SourceFault) {
        let limit = SiteIndex.maximumNames
        guard counts.reduce(0, +) > limit else { return }
        throw .archive(.limit(what: "names", limit: limit), member: nil)
    }

    /// The labels for the fault of an image of `index.json`: those that `manifest.json` doesn't have, or
    /// whose image was not refused there, because one fault needs only one report.
    private func labels(of root: LayoutRoot, in source: some MemberSource) -> [String] {
        guard root.names.isEmpty else {
            return root.names.filter { !refusedNames.contains($0) }.map(\.label)
        }
        guard !refusedConfigs.isEmpty else { return root.labels }
        let path = root.descriptor.digest.blobPath
        let file = try? source.file(path, neededBy: OCILayout.path)
        let document = file.flatMap { try? source.document($0) }
        let config = document.flatMap {
            $0.json["config"]?["digest"]?.string.flatMap { Digest($0) }
        }
        return config.map(refusedConfigs.contains) == true ? [] : root.labels
    }

    /// Finds names that occur in the other files of a site, but that index.json lacks or gives to
    /// another manifest.
    ///
    /// If there are such names, index.json is damaged or older than the other files.
    ///
    /// Images served by digest are compared only if all images were read. If some images weren't
    /// read, regstatic can't know which digests belong to them.
    private func unlisted(in source: some MemberSource, _ layout: OCILayout) -> [ImageFault] {
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

    private mutating func refuse(
        _ root: LayoutRoot,
        _ fault: SourceFault,
        in source: some MemberSource,
        _ selection: Selection
    ) {
        let absence = absence
        let known = Set(entries.flatMap(\.names))
        if let member = fault.damagedMember {
            // The engine invented this manifest, so it isn't needed: `manifest.json` has the image.
            if inventsManifests, !root.names.isEmpty, root.names.allSatisfy(known.contains) {
                found.warnings.append(.unneeded(member: member))
                return
            }
            if !inventsManifests { damagedRoots.append((root.names, fault)) }
        }
        found.refuse(labels(of: root, in: source), fault) {
            MissingSearch.parts(below: root.descriptor, in: source, selection, absence: absence)
        }
    }

    /// Refuses the images of `manifest.json` whose manifests are damaged, because a made manifest
    /// would have another digest than the one that people pinned and signed.
    private mutating func refuseEntriesOfDamagedRoots() {
        let nameless = damagedRoots.filter(\.names.isEmpty)
        let others = entries.count { $0.names.isEmpty && !$0.isServed }
        for index in entries.indices where !entries[index].isServed {
            let names = entries[index].names
            let cause =
                names.isEmpty
                ? nameless.first
                : damagedRoots.first { !Set($0.names).isDisjoint(with: names) }
            guard let cause else { continue }
            entries[index].isRefused = true
            var labels = names.filter { !listed.contains($0) }.map(\.label)
            // Without names, it is unknown which of the images has the damaged manifest.
            if names.isEmpty, others > nameless.count {
                labels = [entries[index].parts.config.digest.description]
            }
            found.refuse(labels, cause.fault, lacking: { [] })
        }
    }

    private mutating func add(_ image: DockerArchive.Image, in source: some MemberSource) {
        do throws(SourceFault) {
            let (names, bad) = try ImageName.repoTags(
                image.repoTags,
                replacement: replacement
            )
            if names.isEmpty, let name = bad.first { throw .invalidName(name) }
            let parts = try ConfigAndLayers(
                config: image.config,
                layers: image.layers,
                listedBy: DockerArchive.path,
                in: source
            )
            byConfig[parts.config.digest, default: []].append(entries.count)
            entries.append(Entry(names: names, parts: parts))
            found.faults += bad.map { ($0, .invalidName($0)) }
        } catch {
            refusal = error
            var labels: [String] = []
            for text in image.repoTags?.array ?? [] {
                guard let name = try? ImageName.repoTags(.array([text])).names.first else {
                    continue
                }
                refusedNames.insert(name)
                labels += [text.string].compactMap(\.self)
            }
            if labels.isEmpty {
                labels = [image.repoTags?.array?.first?.string ?? image.config]
                refusedConfigs.formUnion([MemberPath(image.config)?.namedDigest].compactMap(\.self))
            }
            found.refuse(labels, error) { MissingSearch.parts(of: image, in: source) }
        }
    }

    private mutating func add(
        _ root: LayoutRoot,
        in source: some MemberSource,
        _ selection: Selection
    ) throws(SourceFault) {
        let isMade = root.descriptor.annotation(SiteMark.made) != nil
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
                // Two manifests may share a config, so don't move a name from the manifest that
                // index.json lists for this name.
                names += entries[match].names.filter { !names.contains($0) && !listed.contains($0) }
                entries[match].isServed = true
            }
            found.drafts.append(.served(graph, names))
            for case .served(let repository, _) in root.names {
                reached[repository, default: []].formUnion(graph.known)
            }
        }
    }

    /// The decision about a manifest of `index.json`.
    private enum Verdict {
        /// Serve the manifest byte for byte.
        case serve
        /// Make a manifest from the list in `manifest.json`, because no registry ever had the
        /// manifest in `index.json`.
        case make
        case refuse(SourceFault)
    }

    private func verdict(on graph: ManifestGraph, hasEntries: Bool) -> Verdict {
        let disagreement = graph.images.lazy.compactMap(\.disagreement).first
        let isInvented = inventsManifests && graph.images.contains(where: \.hasRawLayers)
        if hasEntries, disagreement != nil || isInvented { return .make }
        // `manifest.json` may list the same image, but regstatic refused it there, perhaps after a
        // read error. So don't serve the manifest that the engine invented for this image.
        if isInvented, let refusal { return .refuse(refusal) }
        return disagreement.map(Verdict.refuse) ?? .serve
    }
}

extension SourceFault {
    /// The name because of which an image was refused.
    fileprivate var badName: String? {
        if case .invalidName(let name) = self { name } else { nil }
    }
}
