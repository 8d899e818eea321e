// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Store
internal import Streams

/// Commits the images of one input together, with one flush for all of them.
struct StoreCommit {
    let store: BlobStore
    let cache: LayerCache

    func run(_ images: [AssembledImage]) throws(SourceFault) {
        try storing { () throws(FileError) in
            var staged = images.flatMap(\.blobs).compactMap(\.staged)
            staged += try store.stage(missing: images.flatMap(\.documents))
            try store.commit(staged)
        }
        cache.keep(records(images))
    }

    private func records(_ images: [AssembledImage]) -> [LayerCacheEntry] {
        Array(Set(images.flatMap(\.blobs).compactMap(\.record)))
    }
}
