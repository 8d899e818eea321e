// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Compression
internal import OCI
internal import Store

/// What the jobs of one input share, and what they may skip or reuse.
struct Ingest: Sendable {
    let source: any MemberSource
    let store: BlobStore
    let recipe: Recipe
    let progress: any Progress
    let threads: Int

    /// A member has one diffID: whoever says that it is many layers makes us read it many times.
    private static let maximumUses = 4

    /// Brings all needed members into the store, several at a time; each by itself fails or not.
    func run(_ needs: [BlobNeed]) -> [BlobNeed: Result<StoredBlob, SourceFault>] {
        var seen: Set<BlobNeed> = []
        let unique = needs.filter { seen.insert($0).inserted }
        do throws(SourceFault) { try checkRoom(unique) } catch {
            return Dictionary(uniqueKeysWithValues: unique.map { ($0, .failure(error)) })
        }
        progress.expect(
            unique.reduce(0) { $0 + (source.spooled($1.file) == nil ? $1.file.size : 0) }
        )
        var results: [BlobNeed: Result<StoredBlob, SourceFault>] = [:]
        var uses: [MemberFile: Int] = [:]
        var jobs: [BlobJob] = []
        // The largest first: what one thread does alone shall not be left for the end.
        for need in unique.sorted(by: { $0.file.size > $1.file.size }) {
            uses[need.file, default: 0] += 1
            guard uses[need.file, default: 0] <= Self.maximumUses else {
                results[need] = .failure(
                    .archive(
                        .limit(what: "layers that a member is said to be", limit: Self.maximumUses),
                        member: need.file.path.description
                    )
                )
                continue
            }
            jobs.append(BlobJob(need, self))
        }
        WorkerPool.run(jobs, threads: threads, recipe: recipe)
        for job in jobs {
            results[job.need] = Result { () throws(SourceFault) in try job.result() }
        }
        return results
    }

    /// What raw layers become is known only when it is written; what comes as it is can be told.
    private func checkRoom(_ needs: [BlobNeed]) throws(SourceFault) {
        var blobs: [Digest: Int] = [:]
        for need in needs where source.spooled(need.file) == nil {
            if case .asIs(let digest, _) = need.form { blobs[digest] = need.file.size }
        }
        try storing { () throws(FileError) in try store.checkRoom(for: blobs) }
    }

    /// The blob of an earlier run, if the store has it and its bytes are right.
    func known(_ need: BlobNeed, _ worker: Worker) throws(SourceFault) -> StoredBlob? {
        switch need.form {
        case .asIs(let digest, let diffID):
            guard try isDecoded(digest, diffID), holds(digest, size: need.file.size) else {
                return nil
            }
            progress.advance(need.file.size)
            return StoredBlob(
                digest: digest,
                size: need.file.size,
                encoding: .none,
                staged: nil,
                record: nil
            )
        case .layer(let diffID):
            guard let record = try record(of: diffID), source.spooled(need.file) == nil,
                try !source.format(of: need.file).isCompressed,
                holds(record.digest, size: record.size)
            else { return nil }
            try need.check(diffID: try hash(need.file, worker))
            return StoredBlob(
                digest: record.digest,
                size: record.size,
                encoding: recipe.encoding,
                staged: nil,
                record: nil
            )
        }
    }

    /// What a spool made of the member while it passed by, if that is the form needed.
    func adopt(_ need: BlobNeed) throws(SourceFault) -> StoredBlob? {
        guard let spooled = source.spooled(need.file) else { return nil }
        switch need.form {
        case .asIs(let digest, let diffID):
            guard !spooled.isRecoded else { return nil }
            let copied = BlobCopy.Result(blob: spooled.blob, diffID: spooled.diffID)
            try need.check(digest: digest, found: copied.blob.digest)
            guard diffID != nil else { return fresh(copied.blob, spooled.encoding, record: nil) }
            return try self.copied(copied, need: need, encoding: spooled.encoding)
        case .layer(let diffID):
            guard spooled.isRecoded || spooled.encoding != .none else { return nil }
            try need.check(diffID: try spooled.diffID.get())
            return spooled.isRecoded
                ? encoded(spooled.blob, diffID: diffID)
                : fresh(spooled.blob, spooled.encoding, record: nil)
        }
    }

    /// A checked copy.
    func copied(
        _ copy: BlobCopy.Result,
        need: BlobNeed,
        encoding: LayerEncoding
    ) throws(SourceFault) -> StoredBlob {
        switch need.form {
        case .asIs(let digest, let diffID):
            try need.check(digest: digest, found: copy.blob.digest)
            guard let diffID else { return fresh(copy.blob, encoding, record: nil) }
            try need.check(diffID: try copy.diffID.get())
            let record = LayerRecord(
                .decoded,
                of: digest,
                digest: diffID,
                size: copy.blob.size
            )
            return fresh(copy.blob, encoding, record: record)
        case .layer:
            try need.check(diffID: try copy.diffID.get())
            return fresh(copy.blob, encoding, record: nil)
        }
    }

    /// A layer that the recipe encoded.
    func encoded(_ blob: StagedBlob, diffID: Digest) -> StoredBlob {
        let record = LayerRecord(encoded, of: diffID, digest: blob.digest, size: blob.size)
        return fresh(blob, recipe.encoding, record: record)
    }

    /// A staged blob, or the store's own copy if that is as good: nothing is written twice.
    private func fresh(
        _ blob: StagedBlob,
        _ encoding: LayerEncoding,
        record: LayerRecord?
    ) -> StoredBlob {
        let isThere = holds(blob.digest, size: blob.size)
        return StoredBlob(
            digest: blob.digest,
            size: blob.size,
            encoding: encoding,
            staged: isThere ? nil : blob,
            record: record
        )
    }

    // MARK: Records

    private var encoded: LayerRecord.Topic { .encoded(recipe: recipe.name) }

    /// Whether a blob is known to hold a layer: nothing needs to be decompressed again then.
    private func isDecoded(_ digest: Digest, _ diffID: Digest?) throws(SourceFault) -> Bool {
        guard let diffID, diffID != digest else { return true }
        return try storing { () throws(FileError) in
            try store.record(.decoded, of: digest)?.digest == diffID
        }
    }

    private func record(of diffID: Digest) throws(SourceFault) -> LayerRecord? {
        try storing { () throws(FileError) in try store.record(encoded, of: diffID) }
    }

    // MARK: Checks

    /// Whether the store has a blob whose bytes are right.
    ///
    /// A damaged one is written anew.
    private func holds(_ digest: Digest, size: Int) -> Bool {
        (try? store.verify(digest, size: size)) != nil
    }

    private func hash(_ file: MemberFile, _ worker: Worker) throws(SourceFault) -> Digest {
        try reading(file.path.description) { () throws(ArchiveError) in
            let source = try source.open(file)
            var hash = SHA256()
            while true {
                let count = unsafe try source.read(into: worker.buffer)
                guard count > 0 else { return hash.finish() }
                unsafe hash.update(UnsafeRawBufferPointer(rebasing: worker.buffer[..<count]))
                progress.advance(count)
            }
        }
    }
}

extension BlobNeed {
    func check(diffID found: Digest) throws(SourceFault) {
        let expected: Digest?
        switch form {
        case .asIs(_, let diffID): expected = diffID
        case .layer(let diffID): expected = diffID
        }
        guard let expected, expected != found else { return }
        throw .diffID(member: file.path.description, expected: expected, found: found)
    }

    func check(digest expected: Digest, found: Digest) throws(SourceFault) {
        guard expected != found else { return }
        throw .digest(member: file.path.description, expected: expected, found: found)
    }
}
