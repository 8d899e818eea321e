// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Compression
internal import OCI
internal import Store
internal import Streams

/// Provides a member's blob with as little work as possible on one thread: takes the blob from the
/// store, takes a blob that was made while the archive was read, or copies the member.
struct BlobReuse {
    let need: BlobNeed
    let ledger: LayerLedger
    private let source: any MemberSource
    private let progress: any Progress
    private var knownFormat: StreamFormat?

    init(
        _ need: BlobNeed,
        from source: any MemberSource,
        ledger: LayerLedger,
        progress: any Progress
    ) {
        self.need = need
        self.source = source
        self.ledger = ledger
        self.progress = progress
    }

    var member: String { need.file.path.description }

    /// Finds or copies the blob; nil if the member is a raw layer that must be encoded.
    mutating func blob(_ worker: Worker) throws(SourceFault) -> StoredBlob? {
        if let found = try foundInStore(worker) { return found }
        if let spooled = try spooledBefore() { return spooled }
        return try copied(worker)
    }

    /// Opens a raw layer, and a writer for its encoded form.
    mutating func openRaw(
        _ worker: Worker
    ) throws(SourceFault) -> (any ByteSource, RawLayerWriter) {
        let format = try format()
        let stored = try source.stream(of: need.file)
        let bytes = try streaming(member) { () throws(StreamError) in
            try format.decompressing(stored, within: ledger.budget)
        }
        let writer = try RawLayerWriter(ledger.store, ledger.recipe, threads: worker.threads)
        return (bytes, writer)
    }

    /// Finds the member's format, and keeps it so that the first bytes are read only once.
    private mutating func format() throws(SourceFault) -> StreamFormat {
        if let knownFormat { return knownFormat }
        let format = try source.format(of: need.file)
        knownFormat = format
        return format
    }

    /// Finds the blob of an earlier run, if the store has it and it is intact.
    private mutating func foundInStore(_ worker: Worker) throws(SourceFault) -> StoredBlob? {
        switch need.form {
        case .asIs(let digest, let diffID):
            guard ledger.isKnown(digest, toHold: diffID),
                ledger.holds(digest, size: need.file.size)
            else { return nil }
            progress.advance(need.file.size)
            return found(digest, size: need.file.size, encoding: nil)
        case .layer(let diffID):
            guard source.spooled(need.file) == nil,
                let record = ledger.encoding(of: diffID), try !format().isCompressed
            else { return nil }
            try need.check(diffID: hash(worker))
            var blob = found(record.digest, size: record.size, encoding: ledger.recipe.encoding)
            (blob.recipe, blob.annotations) = (ledger.recipe.name, record.annotations)
            return blob
        }
    }

    private func found(_ digest: Digest, size: Int, encoding: LayerEncoding?) -> StoredBlob {
        StoredBlob(digest: digest, size: size, encoding: encoding, staged: nil, record: nil)
    }

    /// Finds the blob that was made while the archive was read, if it has the required form.
    private func spooledBefore() throws(SourceFault) -> StoredBlob? {
        switch (source.spooled(need.file), need.form) {
        case (nil, _), (.link, _), (.recoded, .asIs), (.kept(_, nil), .layer),
            (.kept(_, .some(.none)), .layer):
            return nil
        case (.kept(let copy, let encoding), _):
            return try ledger.entry(copy, for: need, encoding)
        case (.recoded(let layer), .layer):
            try need.check(diffID: layer.diffID)
            return ledger.entry(layer)
        }
    }

    /// Copies the member byte for byte; nil if the member must be encoded instead.
    private mutating func copied(_ worker: Worker) throws(SourceFault) -> StoredBlob? {
        let format = try format()
        if case .layer = need.form, format != .gzip, format != .zstd { return nil }
        let bytes = try source.stream(of: need.file)
        let copy = unsafe try BlobCopy.run(
            bytes,
            member: member,
            decoding: need.diffID == nil ? nil : format,
            within: ledger.budget,
            to: ledger.store,
            progress: progress,
            buffer: worker.chunk.buffer
        )
        return try ledger.entry(copy, for: need, format.layerEncoding)
    }

    /// Hashes the member's bytes.
    private func hash(_ worker: Worker) throws(SourceFault) -> Digest {
        let bytes = try source.stream(of: need.file)
        return try streaming(member) { () throws(StreamError) in
            let buffer = unsafe worker.chunk.buffer
            var hash = SHA256()
            while true {
                let count = unsafe try bytes.read(into: buffer)
                guard count > 0 else { return hash.finish() }
                unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                progress.advance(count)
            }
        }
    }
}
