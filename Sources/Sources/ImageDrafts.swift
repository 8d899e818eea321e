// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// All images of an input: what `index.json` and `manifest.json` say together.
///
/// Engines write both into one archive, and each is known to be wrong or short at times: Docker 25
/// wrote manifests without layers or with shuffled ones; `index.json` lists only the first of
/// several untagged images (moby#51389).
struct ImageDrafts {
    /// An image that is refused, by its name or manifest, and why.
    typealias Fault = (image: String?, fault: SourceFault)

    private(set) var drafts: [ImageDraft] = []
    private(set) var faults: [Fault] = []
    private(set) var leftOut = LeftOut()
    /// The annotations of an input that is a site.
    let siteAnnotations: [JSON.Member]
    let siteInputs: JSON?

    /// Whether this is what Docker ≥ 25 with a graph driver writes: manifests invented at save time
    /// over raw layers.
    ///
    /// `repositories` gives it away, or, if nothing is tagged, `LayerSources`.
    private let inventsManifests: Bool

    private struct Entry {
        let names: [ImageName]
        let parts: DockerParts
        var extraNames: [ImageName] = []
        var isTaken = false
    }

    private let selection: Selection

    init(_ source: any MemberSource, _ selection: Selection) throws(SourceFault) {
        self.selection = selection
        let docker = try DockerArchive(source)
        let layout = try OCILayout(source)
        siteAnnotations = layout?.siteAnnotations ?? []
        siteInputs = layout?.siteInputs
        inventsManifests =
            layout != nil && docker != nil
            && (docker?.describesLayers == true || source.members.contains("repositories"))
        guard docker != nil || layout != nil else {
            if let volume = RegistryVolume(source) {
                try add(volume)
                return
            }
            throw source.members.contains("repositories") ? .beforeContentAddressing : .noImages
        }
        var entries = entries(docker?.images ?? [], in: source)
        let byConfig = Dictionary(grouping: entries.indices) { entries[$0].parts.config.digest }
        for root in layout?.roots ?? [] {
            do throws(SourceFault) {
                try add(root, entries: &entries, byConfig, in: source)
            } catch {
                faults.append((Self.label(root), error))
            }
        }
        for entry in entries where !entry.isTaken {
            let names =
                entry.names + entry.extraNames.filter { !entry.names.contains($0) }
            add(.rebuilt(entry.parts, names))
        }
        guard !drafts.isEmpty || !faults.isEmpty || !leftOut.images.isEmpty else { throw .noImages }
    }

    private mutating func add(_ volume: RegistryVolume) throws(SourceFault) {
        let content = VolumeDrafts(volume, selection)
        (faults, leftOut) = (content.faults, content.leftOut)
        for draft in content.drafts { add(draft) }
        guard !content.drafts.isEmpty || !faults.isEmpty else { throw .nothingServed }
    }

    /// Takes in what is wanted of an image, and counts the rest.
    private mutating func add(_ draft: ImageDraft) {
        let left = LeftOut.Image(name: draft.label, platforms: draft.unwanted(selection))
        // What `index.json` and `manifest.json` both list is left out once.
        if !left.platforms.isEmpty, !leftOut.images.contains(left) { leftOut.images.append(left) }
        if !draft.isUnwanted(selection) { drafts.append(draft) }
    }

    private mutating func entries(
        _ images: [DockerArchive.Image],
        in source: some MemberSource
    ) -> [Entry] {
        var entries: [Entry] = []
        for image in images {
            do throws(SourceFault) {
                let names = try ImageName.repoTags(image.repoTags)
                entries.append(Entry(names: names, parts: try DockerParts(image, in: source)))
            } catch {
                faults.append((image.repoTags?.array?.first?.string, error))
            }
        }
        return entries
    }

    /// Serves a root of `index.json` as it is, or leaves it to the entries of `manifest.json`.
    private mutating func add(
        _ root: OCILayout.Root,
        entries: inout [Entry],
        _ byConfig: [Digest: [Int]],
        in source: some MemberSource
    ) throws(SourceFault) {
        let isMade = root.descriptor.annotation(OCILayout.madeMark) != nil
        let graph = try ManifestGraph(root.descriptor, in: source, selection, isOriginal: !isMade)
        let configs = Set(graph.images.map(\.config))
        let matches = configs.flatMap { byConfig[$0] ?? [] }.sorted()
        let disagreement = graph.images.lazy.compactMap(\.disagreement).first
        let isInvented = inventsManifests && graph.images.contains(where: \.hasRawLayers)
        if disagreement != nil || isInvented, !matches.isEmpty {
            for match in matches { entries[match].extraNames += root.names }
            return
        }
        if let disagreement { throw disagreement }
        var names = root.names
        for match in matches where !entries[match].isTaken {
            names += entries[match].names.filter { !names.contains($0) }
            entries[match].isTaken = true
        }
        add(.original(graph, names))
    }

    private static func label(_ root: OCILayout.Root) -> String {
        root.names.first.map(label) ?? root.descriptor.digest.description
    }

    static func label(_ name: ImageName) -> String {
        switch name {
        case .reference(let reference): reference.description
        case .tag(let tag): tag.description
        case .served(let name, let tag): tag.map { "\(name):\($0)" } ?? name.description
        }
    }
}
