// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// Brings what the images of one input need into the store, several members at a time.
struct Ingest: Sendable {
    let source: any MemberSource
    let store: BlobStore
    let recipe: Recipe
    let progress: any Progress
    let threads: Int

    /// A member has one diffID: whoever says that it is many layers makes us read it many times.
    private static let maximumUses = 4

    /// Each need by itself is met, or fails.
    func run(_ needs: [BlobNeed]) -> [BlobNeed: Result<StoredBlob, SourceFault>] {
        var seen: Set<BlobNeed> = []
        let unique = needs.filter { seen.insert($0).inserted }
        do throws(SourceFault) { try checkRoom(unique) } catch {
            return Dictionary(uniqueKeysWithValues: unique.map { ($0, .failure(error)) })
        }
        progress.expect(
            unique.reduce(0) { $0 + (source.spooled($1.file) == nil ? $1.file.size : 0) }
        )
        // The largest first: what one thread does alone shall not be left for the end.
        let (jobs, refused) = jobs(unique.sorted { $0.file.size > $1.file.size })
        WorkerPool.run(jobs, threads: threads, recipe: recipe)
        var results = refused
        for job in jobs {
            results[job.need] = Result { () throws(SourceFault) in try job.result() }
        }
        return results
    }

    private func jobs(
        _ needs: [BlobNeed]
    ) -> (jobs: [BlobJob], refused: [BlobNeed: Result<StoredBlob, SourceFault>]) {
        let ledger = LayerLedger(store: store, recipe: recipe)
        var uses: [MemberFile: Int] = [:]
        var jobs: [BlobJob] = []
        var refused: [BlobNeed: Result<StoredBlob, SourceFault>] = [:]
        for need in needs {
            uses[need.file, default: 0] += 1
            if uses[need.file, default: 0] <= Self.maximumUses {
                jobs.append(BlobJob(need, source, ledger, progress))
            } else {
                refused[need] = .failure(Self.tooManyUses(of: need.file))
            }
        }
        return (jobs, refused)
    }

    private static func tooManyUses(of file: MemberFile) -> SourceFault {
        .archive(
            .limit(what: "layers that a member is said to be", limit: maximumUses),
            member: file.path.description
        )
    }

    /// What raw layers become is known only when it is written; what comes as it is can be told.
    private func checkRoom(_ needs: [BlobNeed]) throws(SourceFault) {
        var blobs: [Digest: Int] = [:]
        for need in needs where source.spooled(need.file) == nil {
            if case .asIs(let digest, _) = need.form { blobs[digest] = need.file.size }
        }
        try storing { () throws(FileError) in try store.checkRoom(for: blobs) }
    }
}
