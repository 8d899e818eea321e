// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Publishing
internal import Store

/// Runs rclone for the steps that `Publishing` plans.
struct Rclone {
    private let program: Executable
    private let remote: RcloneRemote
    private let console: Console

    init(_ remote: RcloneRemote, _ console: Console) throws(PublishError) {
        guard let program = Executable("rclone") else { throw .noRclone }
        self.program = program
        self.remote = remote
        self.console = console
    }

    func traits() throws -> RemoteTraits {
        let output = try ask(remote.features) ?? []
        guard let json = try? JSON(parsing: output), let traits = RemoteTraits(json) else {
            throw PublishError.strange(command: "backend features")
        }
        guard !traits.lacksBucket else { throw PublishError.noBucket(remote.path) }
        return traits
    }

    func inventory(_ traits: RemoteTraits) throws -> Inventory {
        var inventory = Inventory(hash: traits.hash)
        for (arguments, prefix) in remote.listings(traits) {
            guard let listing = try ask(arguments) else { continue }
            inventory.add(listing: listing, below: prefix)
        }
        return inventory
    }

    /// Runs all steps, one after the other.
    func run(
        _ delivery: Delivery,
        as form: RemoteForm,
        from store: BlobStore,
        resending: Bool,
        progress: ProgressLine
    ) throws {
        let temporary = try TemporaryFiles("regstatic-publish")
        defer { temporary.remove() }
        let folder = try Folder(temporary.path, creating: false)
        let store = try AbsolutePath.of(store.folder.path)
        for (number, step) in delivery.steps.enumerated() {
            let staged = StagedStep(
                step,
                number: number,
                to: remote,
                as: form,
                resending: resending,
                folder: temporary.path,
                store: store
            )
            try folder.makeFolders(holding: staged.files.map(\.path) + staged.links.map(\.path))
            try folder.writeOnce(staged.files)
            try folder.linkOnce(staged.links)
            try run(staged.arguments, progress)
        }
    }

    private func run(_ arguments: [String], _ progress: ProgressLine) throws {
        var done = 0
        let status = try program.run(arguments) { line in
            switch RcloneLine(line) {
            case .done(let bytes):
                progress.advance(max(0, bytes - done))
                done = max(done, bytes)
            case .fault(let text):
                progress.clear()
                complain(text)
            case .ignored: break
            }
        }
        try Self.check(status)
    }

    /// The output of a command; nil if the remote lacks the folder.
    private func ask(_ arguments: [String]) throws -> [UInt8]? {
        let temporary = try TemporaryFiles("regstatic-publish")
        defer { temporary.remove() }
        var words: [String] = []
        let output = "\(temporary.path)/output"
        let status = try program.run(arguments, output: output) { words.append($0) }
        if status == RcloneRemote.notFound { return nil }
        if status != 0 { words.forEach(complain) }
        try Self.check(status)
        return try Folder(temporary.path, creating: false).contents("output", limit: .max) ?? []
    }

    private func complain(_ text: String) {
        console.warn("rclone: \(HumanText.printable(text))")
    }

    private static func check(_ status: Int32) throws(PublishError) {
        if let signal = Executable.interruption { throw .interrupted(signal: signal) }
        guard status == 0 else { throw .failed(status: status) }
    }
}
