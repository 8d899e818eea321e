// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// Stores the blobs that the images of one input need, several members at a time.
struct Ingest: Sendable {
    let source: any MemberSource
    let store: BlobStore
    let cache: LayerCache
    let recipe: Recipe
    let budget: ExpansionBudget
    let progress: any Progress
    let threads: Int

    /// The maximum number of needs that may use the same member.
    ///
    /// A member has only one diffID, so a document that lists one member as many layers is wrong.
    /// Such a document would also make regstatic read the member many times.
    private static let maximumUses = 4

    /// Satisfies the needs, each of which succeeds or fails on its own.
    func run(_ needs: [BlobNeed]) -> [BlobNeed: Result<StoredBlob, SourceFault>] {
        var seen: Set<BlobNeed> = []
        let unique = needs.filter { seen.insert($0).inserted }
        do throws(SourceFault) { try checkRoom(unique) } catch {
            return Dictionary(uniqueKeysWithValues: unique.map { ($0, .failure(error)) })
        }
        progress.expect(
            unique.reduce(0) { $0 + (source.spooled($1.file) == nil ? $1.file.size : 0) }
        )
        // Start with the largest members, so that no long single-threaded job is left for the end.
        let (jobs, refused) = jobs(unique.sorted { $0.file.size > $1.file.size })
        WorkerPool.run(jobs, threads: threads, recipe: recipe)
        var results = refused
        for job in jobs {
            results[job.need] = Result { () throws(SourceFault) in try job.result() }
                .mapError { source.explain($0, of: job.need.file) }
        }
        return results
    }

    private func jobs(
        _ needs: [BlobNeed]
    ) -> (jobs: [BlobJob], refused: [BlobNeed: Result<StoredBlob, SourceFault>]) {
        let ledger = LayerLedger(store: store, recipe: recipe, cache: cache, budget: budget)
        var uses: [MemberFile: Int] = [:]
        var jobs: [BlobJob] = []
        var refused: [BlobNeed: Result<StoredBlob, SourceFault>] = [:]
        for need in needs {
            uses[need.file, default: 0] += 1
            if uses[need.file, default: 0] <= Self.maximumUses {
                jobs.append(BlobJob(need, from: source, ledger: ledger, progress: progress))
            } else {
                refused[need] = .failure(Self.tooManyUses(of: need.file))
            }
        }
        return (jobs, refused)
    }

    private static func tooManyUses(of file: MemberFile) -> SourceFault {
        .archive(
            .limit(what: "layers that are the same file", limit: maximumUses),
            member: file.path.description
        )
    }

    /// Checks the free space for blobs that are kept unchanged, but not for encoded layers, because
    /// their size isn't known yet.
    private func checkRoom(_ needs: [BlobNeed]) throws(SourceFault) {
        var blobs: [Digest: Int] = [:]
        for need in needs where source.spooled(need.file) == nil {
            if case .asIs(let digest, _) = need.form { blobs[digest] = need.file.size }
        }
        try storing { () throws(FileError) in try store.checkRoom(for: blobs) }
    }
}
