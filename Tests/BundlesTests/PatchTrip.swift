// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import Compression
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport

/// Two versions of an image: in the second layer of the new one, few bytes of the old one changed, and
/// its size is no multiple of the encoder's chunks.
struct PatchTrip {
    let trip: Trip
    private let inputs: TemporaryFolder
    /// The changed layer in both versions, uncompressed.
    let layers: [[UInt8]]
    /// The records of the layers at home.
    var cache: String { inputs["cache"] }

    /// `mask` of all ones gives content that no level can compress.
    init(_ recipe: Recipe = .standard, mask: UInt8 = 15) throws {
        let folder = try TemporaryFolder()
        let noise = Generator.noise(2_500_000).map { $0 & mask }
        var changed = noise
        changed.replaceSubrange(1_000_000..<1_000_007, with: [1, 2, 3, 4, 5, 6, 7])
        let base = SyntheticImage.layer("base", "the same in both versions")
        layers = [noise, changed + [8]].map { TarBuilder.tar([.file("data", $0)]) }
        let paths = try layers.enumerated()
            .map { number, layer in
                let image = SyntheticImage(layers: [base, layer])
                let archive = image.dockerArchive(["app:\(number)"])
                return try folder.write("\(number).tar", TarBuilder.tar(archive))
            }
        inputs = folder
        trip = try Trip(home: BuiltSite(), far: BuiltSite())
        try trip.home.build([paths[0]]) { ($0.recipe, $0.cache) = (recipe, folder["cache"]) }
        try trip.far.build([paths[0]]) { $0.recipe = recipe }
        try trip.home.build([paths[1]]) { ($0.recipe, $0.cache) = (recipe, folder["cache"]) }
    }

    func bundle(
        _ change: (inout BundleCreation.Options) -> Void = { _ in }
    ) throws -> [String] {
        try trip.bundle(have: [trip.inventory()]) { options in
            options.makesPatches = true
            change(&options)
        }
    }
}

extension BuiltSite {
    /// The layers of each tagged image.
    var layers: [String: [Digest]] {
        get throws {
            let site = try SiteFolder.forReading(path)
            let graph = try site.graph()
            var layers: [String: [Digest]] = [:]
            for entry in site.index.entries {
                guard
                    case .image(_, let list)? = graph.nodes[entry.manifest.digest]?.manifest.content
                else { continue }
                layers[entry.name] = list.map(\.digest)
            }
            return layers
        }
    }
}
