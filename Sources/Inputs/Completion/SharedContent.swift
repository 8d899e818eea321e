// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel
internal import Store
internal import Streams
internal import Synchronization

/// The content of the store and of all inputs of a run, used to complete inputs that lack content.
///
/// During the first reading of the inputs, this class only records the missing content of each
/// input. After `open`, it also finds this content.
final class SharedContent: Sendable {
    /// The position of an archive or folder among the inputs of a run.
    struct Place: Hashable {
        /// The position of the input in the run.
        let input: Int
        /// The position of the archive in the input.
        let archive: Int
    }

    private struct Request: Hashable {
        let wanted: WantedContent
        let place: Place
    }

    /// A file with a digest in its name.
    private struct Candidate {
        let place: Place
        let file: MemberFile
        /// Whether the file was read and has the digest of its name.
        var isChecked = false
    }

    private struct State {
        /// The missing content of each input.
        var wanted: [Int: Set<Request>] = [:]
        /// For each archive, its damaged members, and what they should be.
        var damaged: [Place: [String: WantedContent]] = [:]
        /// The inputs that can be read only once.
        var kept: [Int: OpenedInput] = [:]
        /// Temporary files of `kept`.
        var keptFiles: Set<StagedBlob> = []
        /// The files of all inputs by the digests in their names, except files that were found to
        /// be damaged.
        var files: [Digest: [Candidate]] = [:]
        /// DiffID → layer in the store, of images that this run read.
        var layers: [Digest: Digest] = [:]
        /// DiffID → layer in the store, of images that the site had before this run; nil if not
        /// read yet.
        var siteLayers: [Digest: Digest]?
        /// Opens an input again; nil during the first reading.
        var reopen: (@Sendable (Int) -> [any MemberSource]?)?
        /// The sources of inputs that completed others.
        var sources: [Int: [any MemberSource]] = [:]
        /// The content that was found.
        var found: [Request: MemberFile] = [:]
        /// The sources of the files in `found`; the `location` of such a file gives the index.
        var lent: [LentFile] = []
        /// The inputs that completed others.
        var lenders: Set<Int> = []
    }

    private let store: BlobStore
    private let layersOfSite: @Sendable () -> [Digest: Digest]
    private let state = Mutex(State())

    /// `layersOfSite` finds the layers of the site's images by their diffIDs.
    init(_ store: BlobStore, layersOfSite: @escaping @Sendable () -> [Digest: Digest]) {
        self.store = store
        self.layersOfSite = layersOfSite
    }

    // MARK: The first reading

    /// Records the blobs of the store that have the layers of an input.
    func add(layers: [BlobNeed: Result<StoredBlob, SourceFault>]) {
        state.withLock { state in
            for case (let need, .success(let blob)) in layers {
                if let diffID = need.diffID { state.layers[diffID] = blob.digest }
            }
        }
    }

    /// Remembers a damaged member, of which another input or the store may have an intact copy.
    func note(damaged member: String, _ wanted: WantedContent, at place: Place) {
        state.withLock { state in
            state.damaged[place, default: [:]][member] = wanted
            let request = Request(wanted: wanted, place: place)
            state.wanted[place.input, default: []].insert(request)
        }
    }

    /// Keeps an input that can't be read again, and those of its temporary files that may still be
    /// needed.
    ///
    /// These are the files whose names contain their own digest. If the input lacks content that
    /// other inputs may supply, these are all its files.
    func keep(_ input: OpenedInput, of number: Int, isIncomplete: Bool) {
        var files: Set<StagedBlob> = []
        for source in input.sources {
            for (path, file) in source.members.files {
                guard let spooled = source.spooled(file), let blob = spooled.blob,
                    isIncomplete || path.namedDigest == spooled.content
                else { continue }
                // If the store has the blob, the file was committed, so it is no longer a temporary
                // file.
                if (try? store.size(of: blob.digest)) == nil { files.insert(blob) }
            }
        }
        state.withLock { state in
            state.kept[number] = input
            state.keptFiles.formUnion(files)
        }
    }

    /// The temporary files that are needed until the end of the run.
    var keptFiles: Set<StagedBlob> { state.withLock(\.keptFiles) }

    /// Whether an input lacks content.
    func isIncomplete(_ input: Int) -> Bool {
        state.withLock { $0.wanted[input]?.isEmpty == false }
    }

    // MARK: The second reading

    /// An input that was read once and can't be read again; nil for other inputs.
    func kept(_ number: Int) -> OpenedInput? { state.withLock { $0.kept[number] } }

    /// Makes the files of an input available to the other inputs.
    func add(_ sources: [any MemberSource], of input: Int) {
        var files: [Digest: [Candidate]] = [:]
        for (archive, source) in sources.enumerated() {
            let place = Place(input: input, archive: archive)
            for (path, file) in source.members.files {
                guard let digest = path.namedDigest else { continue }
                files[digest, default: []].append(Candidate(place: place, file: file))
            }
        }
        state.withLock { $0.files.merge(files, uniquingKeysWith: +) }
    }

    /// Ends the first reading, so that `find` returns content from now on.
    ///
    /// `reopen` opens an input again, because a process can't have the files of all inputs open at a
    /// time.
    func open(_ reopen: @escaping @Sendable (Int) -> [any MemberSource]?) {
        state.withLock { $0.reopen = reopen }
    }

    /// Whether an input lacks content that is available now.
    func canComplete(_ input: Int) -> Bool {
        let wanted = state.withLock { $0.wanted[input] ?? [] }
        return wanted.contains { find($0.wanted, for: $0.place) != nil }
    }

    /// The damaged members of an archive that can be replaced now, and their content.
    func replaceable(at place: Place) -> [String: WantedContent] {
        let damaged = state.withLock { $0.reopen == nil ? nil : $0.damaged[place] }
        return (damaged ?? [:]).filter { find($0.value, for: place) != nil }
    }

    /// The number of damaged members of an input that can be replaced now.
    func replaceableCount(_ input: Int) -> Int {
        let places = state.withLock { $0.damaged.keys.filter { $0.input == input } }
        return places.reduce(0) { $0 + replaceable(at: $1).count }
    }

    /// Whether other inputs took content from this one.
    func isLender(_ input: Int) -> Bool { state.withLock { $0.lenders.contains(input) } }

    /// Finds content that an archive lacks, and checks the content against its digest.
    ///
    /// Copies under other names in the same archive don't count, because a site that has lost one
    /// of several copies is damaged, and regstatic must report this damage.
    func find(_ wanted: WantedContent, for place: Place) -> MemberFile? {
        let request = Request(wanted: wanted, place: place)
        let (isOpen, known) = state.withLock { state -> (Bool, MemberFile?) in
            state.wanted[place.input, default: []].insert(request)
            return (state.reopen != nil, state.found[request])
        }
        guard isOpen else { return nil }
        if let known {
            lend(known, to: place.input)
            return known
        }
        guard let found = search(request) else { return nil }
        let file = state.withLock { state -> MemberFile in
            state.lent.append(found)
            let file = MemberFile(path: found.path, size: found.size, location: -state.lent.count)
            state.found[request] = file
            return file
        }
        lend(file, to: place.input)
        return file
    }

    /// The source of a file that `find` returned; nil for a file of the input itself.
    func lent(_ file: MemberFile) -> LentFile? {
        guard file.location < 0 else { return nil }
        return state.withLock { $0.lent[-1 - file.location] }
    }

    private func lend(_ file: MemberFile, to input: Int) {
        guard let lender = lent(file)?.lender, lender != input else { return }
        state.withLock { _ = $0.lenders.insert(lender) }
    }

    private func search(_ request: Request) -> LentFile? {
        switch request.wanted {
        case .blob(let digest):
            // An engine's manifest may name a layer by its diffID, although the store has the layer
            // only in compressed form.
            return LentFile(digest, in: store) ?? file(digest, for: request)
                ?? layers(digest).lazy
                .compactMap { [store] in LentFile(diffID: digest, of: $0, in: store) }.first
        case .layer(let diffID):
            return layers(diffID).lazy.compactMap { [store] in LentFile($0, in: store) }.first
                ?? file(diffID, for: request)
        }
    }

    /// Finds a file of another archive.
    private func file(_ digest: Digest, for request: Request) -> LentFile? {
        let candidates = state.withLock { $0.files[digest] ?? [] }
        for candidate in candidates where candidate.place != request.place {
            guard let source = source(candidate.place) else { continue }
            let file = LentFile(candidate.file, in: source, lender: candidate.place.input)
            if candidate.isChecked { return file }
            let isIntact = file.contains(digest)
            note(candidate, of: digest, isIntact: isIntact)
            if isIntact { return file }
        }
        return nil
    }

    /// Records the result of a check, so that a file isn't read again for each input that lacks it.
    private func note(_ candidate: Candidate, of digest: Digest, isIntact: Bool) {
        state.withLock { state in
            let index = state.files[digest]?
                .firstIndex { $0.place == candidate.place && $0.file == candidate.file }
            guard let index else { return }
            if isIntact {
                state.files[digest]?[index].isChecked = true
            } else {
                state.files[digest]?.remove(at: index)
            }
        }
    }

    private func source(_ place: Place) -> (any MemberSource)? {
        var sources = state.withLock { $0.kept[place.input]?.sources ?? $0.sources[place.input] }
        if sources == nil, let reopen = state.withLock(\.reopen) {
            sources = reopen(place.input)
            state.withLock { $0.sources[place.input] = sources ?? [] }
        }
        guard let sources else { return nil }
        return place.archive < sources.count ? sources[place.archive] : nil
    }

    /// The layers with this diffID that the store should have.
    private func layers(_ diffID: Digest) -> [Digest] {
        if state.withLock({ $0.siteLayers == nil }) {
            let layers = layersOfSite()
            state.withLock { $0.siteLayers = layers }
        }
        return state.withLock { [$0.layers[diffID], $0.siteLayers?[diffID]].compactMap(\.self) }
    }
}
