// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
internal import OCI
internal import Site
internal import Inputs

/// The report of a build.
struct BuildReport {
    let outcome: SiteBuild.Outcome
    private let output: String
    /// Whether to suggest zstd for a new site, because the user didn't choose the compression.
    private let suggestsZstd: Bool

    init(_ outcome: SiteBuild.Outcome, output: String, suggestsZstd: Bool) {
        self.outcome = outcome
        self.output = output
        self.suggestsZstd = suggestsZstd
    }

    func print(_ console: Console) {
        if !console.isQuiet {
            for change in outcome.changes { console.out(line(change, console)) }
            for entry in outcome.removed {
                console.out(HumanText.printable("removed \(entry.name)"))
            }
            for line in outcome.programs.after.lines(since: outcome.programs.before) {
                console.out(line)
            }
        }
        let inputs = outcome.warnings.map { SourceWarningText($0.input, $0.1).line }
        for warning in inputs + warnings {
            console.say(console.styled(HumanText.printable("warning: \(warning)"), .yellow))
        }
        if !outcome.foreign.isEmpty { console.say("  \(ForeignLayerText.remedy)") }
        for pin in outcome.pins where pin.verdict != .served {
            let text = "warning: \(pin.pin.reference) can't be pulled: \(pin.reason)"
            console.say(console.styled(HumanText.printable(text), .yellow))
        }
        for entry in outcome.renderedAgain {
            console.say(
                HumanText.printable(
                    "\(entry.name): written again, because this list of referrers was incomplete"
                )
            )
        }
        for (input, skipped) in outcome.skipped {
            for text in Self.texts(skipped) {
                console.say(HumanText.printable("\(input): skipped \(text)"))
            }
        }
        let missing = MissingContentText(outcome.missing)
        for text in missing.lines(outcome.errors) {
            console.warn(console.styled(text, .red))
        }
        for (input, signer) in outcome.signers {
            let name = input == "-" ? "standard input" : input
            console.say(HumanText.printable("\(name): signed by \(signer.text)"))
        }
        if outcome.written.isSignatureRemoved { console.say(SignatureText.removed(from: output)) }
        console.say(summary)
        if let text = outcome.pruned?.waitingText { console.say(text) }
        if let unkept = outcome.unkept {
            console.say(
                HumanText.printable(
                    "the input's address \(unkept.address.url) was not taken over; to do so, use"
                        + " --keep-address"
                )
            )
        }
        if !outcome.changes.isEmpty { console.say(nextSteps) }
    }

    private func line(_ change: SiteMerge.Change, _ console: Console) -> String {
        let platforms = change.platforms.map(\.description)
        let parts =
            [change.entry.name]
            + (change.entry.tag == nil ? [] : [change.entry.manifest.digest.description])
        return change.kind.word(console) + " "
            + (parts + [platforms.joined(separator: ","), origin(change), inputs(change)])
            .filter { !$0.isEmpty }.map(HumanText.printable).joined(separator: " ")
    }

    /// Text that reports whether the image keeps the registry's digest or regstatic made a new one.
    private func origin(_ change: SiteMerge.Change) -> String {
        guard change.entry.isMade else { return "digest preserved" }
        let isJoined = !change.images.contains { $0.root.digest == change.entry.manifest.digest }
        return isJoined
            ? "digest made here, because a new index joins several images" : "digest made here"
    }

    private func inputs(_ change: SiteMerge.Change) -> String {
        let names = Set(change.images.map(\.input)).sorted()
        return "from " + names.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
    }

    private var warnings: [String] {
        outcome.changes.flatMap(Self.warnings) + NamelessImages(outcome.changes).warnings
            + staleNameWarnings
            + outcome.foreign.map(ForeignLayerText.text)
    }

    private static func warnings(_ change: SiteMerge.Change) -> [String] {
        change.superseded.map { supersededWarning(change.entry, $0) } + droppedWarnings(change)
            + sparseWarnings(change)
    }

    /// Warnings about the names of each image, only once for each input, because an image can have
    /// thousands of tags.
    private var staleNameWarnings: [String] {
        var seen: [Digest: Set<String>] = [:]
        var warnings: [String] = []
        for change in outcome.changes {
            for image in change.images
            where seen[image.root.digest, default: []].insert(image.input).inserted {
                warnings += Self.staleNameWarnings(image)
            }
        }
        return warnings
    }

    /// Warnings about names whose digest isn't the digest of the image in the input.
    private static func staleNameWarnings(_ image: SavedImage) -> [String] {
        image.names.compactMap { name in
            guard case .reference(let reference) = name, let digest = reference.digest,
                digest != image.root.digest
            else { return nil }
            return
                "\(image.input): the name \(name.label) refers to a manifest that isn't in the"
                + " input, so the image is served under a different digest, \(image.root.digest)"
        }
    }

    private static func supersededWarning(
        _ entry: SiteIndex.Entry,
        _ image: TagClaims.Superseded
    ) -> String {
        let platforms = image.platforms.map(\.description).joined(separator: ", ")
        return
            "\(entry.name): \(platforms.isEmpty ? "the image" : platforms) of \(image.input) was"
            + " skipped, because --replace prefers \(image.winner)"
    }

    private static func droppedWarnings(_ change: SiteMerge.Change) -> [String] {
        guard !change.dropped.isEmpty else { return [] }
        let platforms = change.dropped.map(\.description).joined(separator: ", ")
        return [
            "\(change.entry.name): the new image lacks \(platforms), which the old image had"
        ]
    }

    private static func sparseWarnings(_ change: SiteMerge.Change) -> [String] {
        guard !change.missing.isEmpty else { return [] }
        let digests = Set(change.missing.map(\.digest))
        let lacking = change.images.filter { !digests.isDisjoint(with: $0.missing.map(\.digest)) }
        let inputs = Set(lacking.map(\.input)).sorted().joined(separator: ", ")
        return [
            "\(change.entry.name): the index lists \(HumanText.absent(change.missing)), but clients can't pull this content,"
                + " because \(inputs) lacked it"
        ]
    }

    private static func texts(_ skipped: SkippedContent) -> [String] {
        let manifests = HumanText.count(skipped.manifests.count, "manifest")
        let blobs = HumanText.count(skipped.blobs, "blob")
        let counts = [
            (skipped.manifests.count, "\(manifests) without a tag (--untagged keep adds them)"),
            (
                skipped.blobs,
                "\(blobs) that no accepted image needs (\(HumanText.size(skipped.bytes)))"
            ),
            (skipped.uploads, HumanText.count(skipped.uploads, "unfinished upload")),
        ]
        let files = skipped.files.first.map { example in
            let count = skipped.files.count
            return "\(HumanText.count(count, "file")) outside the OCI layouts"
                + "\(count == 1 ? ":" : ", such as") \(example)"
        }
        return skipped.images.map { image in
            "\(image.name) for \(image.platforms.map(\.description).joined(separator: ", "))"
        } + counts.filter { $0.0 > 0 }.map(\.1) + (files.map { [$0] } ?? [])
    }

    private var summary: String {
        let counts = [
            ("added", outcome.changes.count { $0.kind == .added }),
            ("moved", outcome.changes.count { $0.kind == .moved }),
            ("removed", outcome.removed.count),
            ("already present", outcome.changes.count { $0.kind == .unchanged }),
            ("refused", outcome.errors.count { !$0.isNoRefusal }),
        ]
        var parts = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        if !outcome.pins.isEmpty {
            let served = outcome.pins.count { $0.verdict == .served }
            parts.append("\(served) of \(HumanText.count(outcome.pins.count, "pin")) served")
        }
        if outcome.programs.before != outcome.programs.after { parts.append("programs changed") }
        if outcome.repaired > 0 {
            let files = HumanText.count(outcome.repaired, "damaged or missing file")
            parts.append("\(files) repaired")
        }
        let after = outcome.after
        return (parts.isEmpty ? "nothing changed" : parts.joined(separator: ", "))
            + "; \(output) holds \(HumanText.count(after.tags, "tag")) in "
            + HumanText.count(after.repositories, "repository", plural: "repositories")
            + ", \(HumanText.size(after.bytes)) (before: \(HumanText.size(outcome.before.bytes)))"
    }

    private var nextSteps: String {
        let pull =
            outcome.example.map { "\nPull:      docker pull localhost:5000/\($0.name)" } ?? ""
        return """

            Serve it:  regstatic serve \(ShellWord.quoted(output))\(pull)
            For other servers and HTTPS, see \(output)/servers/ and regstatic tls.
            \(clients)\(compression)
            """
    }

    /// Printed only for a new site, because the images of an old one would not change.
    private var compression: String {
        let isEncoded = outcome.changes.contains { $0.images.contains { $0.recipe != nil } }
        guard suggestsZstd, isEncoded, outcome.before.tags == 0 else { return "" }
        return "\nIf no client is older than Docker 23 or containerd 1.5, --compression zstd makes"
            + " smaller layers and faster pulls."
    }

    private var clients: String {
        outcome.address.map {
            "For clients of \($0.host), see \(output)/\(ClientKit.folder)/README.txt."
        }
            ?? "To configure clients: regstatic clients \(ShellWord.quoted(output)) --host HOST[:PORT]"
    }
}

extension SiteIndex.Entry {
    /// The JSON of a removed image.
    var json: JSON {
        .object([
            "name": .string(name), "digest": .string(manifest.digest.description),
        ])
    }

    /// The JSON value for the digest's origin: preserved from a registry, or made by a build.
    var digestOrigin: String { isMade ? "made" : "preserved" }
}

extension SourceError {
    /// Whether the images were read despite this error, so that the input counts as accepted.
    fileprivate var isNoRefusal: Bool {
        if case .lostIndex = fault { return true }
        if case .partlyRead = fault { return true }
        return false
    }
}
