// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// An image as the documents of an input describe it, before its blobs are checked.
enum ImageDraft {
    /// Serve the input's own manifests, byte for byte.
    case served(ManifestGraph, [ImageName])
    /// Make a manifest from the config, because the input has no manifest, or only a manifest that
    /// no registry ever had.
    case made(ConfigAndLayers, [ImageName])

    var names: [ImageName] {
        switch self {
        case .served(_, let names), .made(_, let names): names
        }
    }

    /// Refuses an index if the input lacks images that the index lists.
    func checkIsWhole() throws(SourceFault) {
        guard case .served(let graph, _) = self, !graph.missing.isEmpty else { return }
        throw .sparse(graph.root.digest, missing: graph.missing.map(\.digest))
    }

    /// The image's name in reports.
    var label: String {
        if let name = names.first { return name.label }
        switch self {
        case .served(let graph, _): return graph.root.digest.description
        case .made(let parts, _): return parts.config.digest.description
        }
    }

    /// The labels for fault reports: one for each name of the image, or its digest if it has no
    /// name.
    var labels: [String] {
        var seen: Set<String> = []
        return names.isEmpty ? [label] : names.map(\.label).filter { seen.insert($0).inserted }
    }

    /// Finds the image's platforms that the user didn't select.
    func unwanted(_ selection: Selection) -> [Platform] {
        let all: [Platform] =
            switch self {
            case .served(let graph, _):
                (graph.left.map(\.platform) + graph.images.map(\.platform)).compactMap(\.self)
            case .made(let parts, _): [parts.platform].compactMap(\.self)
            }
        return Set(all.filter { !selection.takes($0) }).sorted()
    }

    /// Whether the user selected no part of the image.
    func isUnwanted(_ selection: Selection) -> Bool {
        switch self {
        case .served(let graph, _): graph.isUnwanted
        case .made(let parts, _): !selection.takes(parts.platform)
        }
    }

    var needs: [BlobNeed] {
        switch self {
        case .served(let graph, _): graph.images.flatMap(\.blobs)
        case .made(let parts, _): parts.layers
        }
    }
}
