// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import ClientKit
internal import OCI
internal import Site
internal import Inputs

/// What a build did, for people and for machines.
struct BuildReport {
    private let outcome: SiteBuild.Outcome
    private let output: String

    init(_ outcome: SiteBuild.Outcome, output: String) {
        self.outcome = outcome
        self.output = output
    }

    func print(_ console: Console) {
        if !console.isQuiet {
            for change in outcome.changes { console.out(line(change, console)) }
            for entry in outcome.removed {
                console.out(HumanText.printable("removed \(entry.name)"))
            }
        }
        for warning in warnings {
            console.say(console.styled(HumanText.printable("warning: \(warning)"), .yellow))
        }
        for pin in outcome.pins where pin.verdict != .served {
            let text = "warning: \(pin.pin.reference) can't be pulled: \(pin.reason)"
            console.say(console.styled(HumanText.printable(text), .yellow))
        }
        for entry in outcome.redrawn {
            console.say(
                HumanText.printable("\(entry.name): drawn anew, as it lacked some referrers")
            )
        }
        for (input, leftOut) in outcome.leftOut {
            for text in Self.texts(leftOut) {
                console.say(HumanText.printable("\(input): left out \(text)"))
            }
        }
        for error in outcome.errors {
            console.warn(console.styled(ErrorText(error).lines, .red))
        }
        console.say(summary)
        // A chart or a signature is nothing that docker pulls.
        let image = outcome.changes.first { !$0.images.allSatisfy(\.platforms.isEmpty) }
        if let example = (image ?? outcome.changes.first)?.entry {
            console.say(nextSteps(example))
        }
    }

    private func line(_ change: SiteMerge.Change, _ console: Console) -> String {
        let (word, style): (String, Console.Style) =
            switch change.kind {
            case .added: ("added", .green)
            case .moved: ("moved", .yellow)
            case .unchanged: ("present", .dim)
            }
        let platforms = change.platforms.map(\.description)
        let parts =
            [change.entry.name]
            + (change.entry.tag == nil ? [] : [change.entry.manifest.digest.description])
        return console.styled(word, style) + " "
            + (parts + [platforms.joined(separator: ","), origin(change), inputs(change)])
            .filter { !$0.isEmpty }.map(HumanText.printable).joined(separator: " ")
    }

    /// Whether the digest is one that a registry knows.
    private func origin(_ change: SiteMerge.Change) -> String {
        guard change.entry.isMade else { return "digest preserved" }
        let isJoined = !change.images.contains { $0.root.digest == change.entry.manifest.digest }
        return isJoined ? "digest made here, of several images" : "digest made here"
    }

    private func inputs(_ change: SiteMerge.Change) -> String {
        let names = Set(change.images.map(\.input)).sorted()
        return "from " + names.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
    }

    private var warnings: [String] {
        outcome.changes.flatMap { change in
            let images = change.images
            return change.superseded.map { Self.supersededWarning(change.entry, $0) }
                + Self.droppedWarnings(change) + Self.sparseWarnings(change)
                + (change.entry.tag == nil ? images.compactMap(Self.nameWarning) : [])
        }
    }

    private static func supersededWarning(
        _ entry: SiteIndex.Entry,
        _ image: TagClaims.Superseded
    ) -> String {
        let platforms = image.platforms.map(\.description).joined(separator: ", ")
        return
            "\(entry.name): \(platforms.isEmpty ? "the image" : platforms) of \(image.input) was left"
            + " out: --replace prefers \(image.winner)"
    }

    private static func droppedWarnings(_ change: SiteMerge.Change) -> [String] {
        guard !change.dropped.isEmpty else { return [] }
        let platforms = change.dropped.map(\.description).joined(separator: ", ")
        return [
            "\(change.entry.name): the new image is not for \(platforms), and the old one was"
        ]
    }

    private static func sparseWarnings(_ change: SiteMerge.Change) -> [String] {
        guard !change.missing.isEmpty else { return [] }
        let platforms = Set(change.missing.compactMap(\.platform).filter { !$0.isUnknown }).sorted()
        let absent =
            platforms.isEmpty
            ? HumanText.count(change.missing.count, "attestation")
            : platforms.map(\.description).joined(separator: ", ")
        let digests = Set(change.missing.map(\.digest))
        let lacking = change.images.filter { !digests.isDisjoint(with: $0.missing.map(\.digest)) }
        let inputs = Set(lacking.map(\.input)).sorted().joined(separator: ", ")
        return [
            "\(change.entry.name): the index names \(absent), which \(inputs) lacks: not to be pulled"
        ]
    }

    private static func nameWarning(_ image: SavedImage) -> String? {
        guard image.lacksRepository, image.subject == nil else { return nil }
        if case .tag(let tag)? = image.names.first {
            return "\(image.input): an image tagged \(tag) without a repository, served by digest"
                + " only; say where it belongs with --name REPOSITORY"
        }
        return "\(image.input): an image without a name, served by digest only;"
            + " name it with --name REPOSITORY:TAG"
    }

    private static func texts(_ leftOut: LeftOut) -> [String] {
        let manifests = HumanText.count(leftOut.manifests.count, "manifest")
        let blobs = HumanText.count(leftOut.blobs, "blob")
        let counts = [
            (leftOut.manifests.count, "\(manifests) without a tag"),
            (leftOut.blobs, "\(blobs) that no tag reaches (\(HumanText.size(leftOut.bytes)))"),
            (leftOut.uploads, HumanText.count(leftOut.uploads, "unfinished upload")),
        ]
        return leftOut.images.map { image in
            "\(image.name) for \(image.platforms.map(\.description).joined(separator: ", "))"
        } + counts.filter { $0.0 > 0 }.map(\.1)
    }

    private var summary: String {
        let counts = [
            ("added", outcome.changes.count { $0.kind == .added }),
            ("moved", outcome.changes.count { $0.kind == .moved }),
            ("removed", outcome.removed.count),
            ("already there", outcome.changes.count { $0.kind == .unchanged }),
            ("refused", outcome.errors.count { !$0.isNoRefusal }),
        ]
        var parts = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        if !outcome.pins.isEmpty {
            let served = outcome.pins.count { $0.verdict == .served }
            parts.append("\(served) of \(HumanText.count(outcome.pins.count, "pin")) served")
        }
        let after = outcome.after
        return (parts.isEmpty ? "nothing to do" : parts.joined(separator: ", "))
            + "; \(output) holds \(HumanText.count(after.tags, "tag")) in "
            + HumanText.count(after.repositories, "repository", "repositories")
            + ", \(HumanText.size(after.bytes)) (before: \(HumanText.size(outcome.before.bytes)))"
    }

    private func nextSteps(_ example: SiteIndex.Entry) -> String {
        """

        Serve it:  regstatic serve \(output)
        Pull:      docker pull localhost:5000/\(example.name)
        Other servers, and HTTPS: \(output)/servers/, regstatic tls
        \(clients)
        """
    }

    private var clients: String {
        outcome.address.map { "Clients of \($0.host): \(output)/\(ClientKit.folder)/README.txt" }
            ?? "What clients need: regstatic clients \(output) --host HOST[:PORT]"
    }
}

// For machines.
extension BuildReport {
    var json: String {
        let document = JSON.object([
            "images": .array(outcome.changes.map(Self.json)),
            "pins": .array(outcome.pins.map(\.json)),
            "removed": .array(outcome.removed.map { .string($0.name) }),
            "errors": .array(outcome.errors.map(Self.json)),
            "leftOut": .array(outcome.leftOut.map(Self.json)),
            "before": Self.json(outcome.before),
            "after": Self.json(outcome.after),
        ])
        return String(decoding: document.canonicalBytes, as: UTF8.self)
    }

    private static func json(_ change: SiteMerge.Change) -> JSON {
        let missing = Set(change.missing.map(\.digest)).sorted()
        return .object([
            "name": .string(change.entry.name),
            "repository": .string(change.entry.repository.description),
            "tag": (change.entry.tag?.description).map(JSON.string) ?? .null,
            "digest": .string(change.entry.manifest.digest.description),
            "mediaType": .string(change.entry.manifest.mediaType.description),
            "change": .string("\(change.kind)"),
            "digestOrigin": .string(change.entry.digestOrigin),
            "platforms": .array(change.platforms.map { .string($0.description) }),
            "dropped": .array(change.dropped.map { .string($0.description) }),
            "superseded": .array(change.superseded.map(json)),
            "missing": .array(missing.map { .string($0.description) }),
            "inputs": .array(change.images.map { .string($0.input) }),
            "sources": .array(
                change.images.map { image in
                    .object([
                        "input": .string(image.input),
                        "digest": .string(image.root.digest.description),
                        "platforms": .array(image.platforms.map { .string($0.description) }),
                    ])
                }
            ),
        ])
    }

    private static func json(_ image: TagClaims.Superseded) -> JSON {
        .object([
            "input": .string(image.input), "digest": .string(image.digest.description),
            "platforms": .array(image.platforms.map { .string($0.description) }),
            "winner": .string(image.winner),
        ])
    }

    /// The document of a run that published nothing.
    static func json(_ failure: SiteBuild.Failure) -> String {
        let text = ErrorText(failure)
        let document = JSON.object([
            "images": .array([]),
            "errors": .array(failure.errors.map(json)),
            "failure": .object([
                "message": .string(text.what), "remedy": text.remedy.map(JSON.string),
            ]),
        ])
        return String(decoding: document.canonicalBytes, as: UTF8.self)
    }

    private static func json(_ error: SourceError) -> JSON {
        let text = ErrorText(error)
        return .object([
            "input": .string(error.input), "image": error.image.map(JSON.string),
            "message": .string(text.what), "remedy": text.remedy.map(JSON.string),
        ])
    }

    private static func json(_ input: String, _ leftOut: LeftOut) -> JSON {
        .object([
            "input": .string(input),
            "images": .array(
                leftOut.images.map { image in
                    .object([
                        "name": .string(image.name),
                        "platforms": .array(image.platforms.map { .string($0.description) }),
                    ])
                }
            ),
            "uploads": .integer(leftOut.uploads),
            "manifests": .array(leftOut.manifests.map { .string($0.description) }),
            "blobs": .integer(leftOut.blobs), "bytes": .integer(leftOut.bytes),
        ])
    }

    private static func json(_ size: SiteSize) -> JSON {
        .object([
            "repositories": .integer(size.repositories), "tags": .integer(size.tags),
            "bytes": .integer(size.bytes),
        ])
    }
}

extension SiteIndex.Entry {
    /// For machines: whether a registry has this digest, or a build made it.
    var digestOrigin: String { isMade ? "made" : "preserved" }
}

extension SourceError {
    /// Whether it says only where the images came from.
    fileprivate var isNoRefusal: Bool {
        if case .lostIndex = fault { true } else { false }
    }
}
