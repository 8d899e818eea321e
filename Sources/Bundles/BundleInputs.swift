// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
package import OCI
package import Inputs
package import Site
internal import Store

/// Bundles among the inputs of `build`.
///
/// `build` reads a bundle as an OCI layout that lacks content which the site has. Content that the
/// layout can't contain, which is made of several volumes or of patches, is brought into the store
/// first.
package struct BundleInputs {
    /// The inputs for `build`: one file of each bundle.
    package private(set) var paths: [String] = []
    /// The digests of the bundles' index.json, whose signatures were checked.
    package private(set) var indexes: Set<Digest> = []
    /// Blobs that the store needs only until the site is built.
    package private(set) var temporary: [Digest] = []
    /// Parts of bundles that can't be used; the images that need them are refused.
    package private(set) var damaged: [BundleParts.Damage] = []
    /// Volumes (from 0) that are missing, with one of the files of the bundle.
    package private(set) var waiting: [(path: String, volumes: [Int])] = []

    /// Takes the content of the bundles among some inputs.
    ///
    /// `check` judges the signature of each bundle before anything in the bundle is parsed.
    ///
    /// - Throws: `BundleFailure`, the errors of `check`, `FileError`.
    package init(
        _ inputs: [String],
        into site: SiteFolder,
        threads: Int,
        progress: any Progress,
        check: (_ path: String, _ signed: [UInt8], _ signature: [UInt8]?) throws -> Void
    ) throws {
        var bundles: [[String]] = []
        var numbers: [Digest: Int] = [:]
        for input in inputs {
            let files = input == "-" ? [] : BundleFiles.paths(input).filter(BundleFile.isBundle)
            guard !files.isEmpty else {
                paths.append(input)
                continue
            }
            // All signatures are checked before the first bundle changes anything.
            let bundle = try BundleFiles(files, check: check)
            indexes.insert(bundle.document.index)
            let identity = bundle.digest
            if let number = numbers[identity] {
                bundles[number] += files
            } else {
                numbers[identity] = bundles.count
                bundles.append(files)
                paths.append(files[0])
            }
        }
        // Blobs that only this store counts, because they repair nothing.
        let store = BlobStore(site.store.folder)
        let layers = bundles.isEmpty ? [:] : site.layersByDiffID()
        for files in bundles {
            let bundle = try BundleFiles(files, check: check)
            guard !bundle.document.volumes.isEmpty || !bundle.document.patches.isEmpty else {
                continue
            }
            let parts = BundleParts(bundle, store)
            temporary += parts.temporary
            damaged += try parts.take(progress: progress)
            let volumes = try parts.missingVolumes()
            guard volumes.isEmpty else {
                waiting.append((files[0], volumes))
                continue
            }
            try PatchedLayers(store, layers: layers, threads: threads)
                .make(bundle.document.patches, progress: progress)
        }
    }
}
