// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Store

/// Commits the images of one input together: one flush, however many they are.
struct StoreCommit {
    let store: BlobStore

    func run(_ images: [AssembledImage]) throws(SourceFault) {
        try storing { () throws(FileError) in
            var staged = images.flatMap(\.blobs).compactMap(\.staged)
            var seen: Set<Digest> = []
            for document in images.flatMap(\.documents) where seen.insert(document.digest).inserted
            {
                if try !holds(document) { staged.append(try store.stage(document.bytes)) }
            }
            try store.commit(staged)
            try store.keep(records(images))
        }
    }

    private func holds(_ document: RawDocument) throws(FileError) -> Bool {
        guard try store.size(of: document.digest) == document.bytes.count else { return false }
        return (try? store.document(document.digest)) == document.bytes
    }

    private func records(_ images: [AssembledImage]) -> [LayerRecord] {
        Array(Set(images.flatMap(\.blobs).compactMap(\.record)))
    }
}
