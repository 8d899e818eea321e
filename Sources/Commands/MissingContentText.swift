// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import OCI

/// All content that the refused images of a run need, and that neither the inputs nor the site have;
/// parts that the same images need are one group.
struct MissingContentText {
    private struct Place: Hashable {
        let input: String
        let names: [String]
        let more: Int
    }

    private struct Refused: Hashable {
        let input: String
        let image: String
    }

    private let parts: [(part: MissingContent.Part, places: [Place])]
    private let isCut: Bool
    private let refused: Set<Refused>

    init(_ missing: [(input: String, MissingContent)]) {
        var keys: [Digest: MissingContent.Part] = [:]
        var places: [MissingContent.Part: [Place]] = [:]
        var refused: Set<Refused> = []
        for (input, content) in missing {
            for (part, images) in content.parts {
                let key = keys[part.digest] ?? part
                keys[part.digest] = key
                let names = images.names
                let place = Place(input: input, names: names, more: images.more)
                places[key, default: []].append(place)
                refused.formUnion(names.map { Refused(input: input, image: $0) })
            }
        }
        parts = places.sorted { ($0.key.kind, $0.key.digest) < ($1.key.kind, $1.key.digest) }
            .map { ($0.key, $0.value) }
        isCut = missing.contains { $0.1.isCut }
        self.refused = refused
    }

    /// Whether the lines describe a refusal, so that a report needs no other text for it.
    func covers(_ error: SourceError) -> Bool {
        if case .sparse = error.fault { return false }
        let image = error.image.map { Refused(input: error.input, image: $0) }
        return error.fault.lacksContent && image.map(refused.contains) == true
    }

    /// The text of an error in JSON, with the remedy of the lines.
    func text(_ error: SourceError) -> ErrorText {
        let text = ErrorText(error)
        guard covers(error), let image = error.image else { return text }
        let place = Place(input: error.input, names: [image], more: 0)
        return ErrorText(text.what, remedy: Self.remedies([place]).joined(separator: ". "))
    }

    /// The lines of a report for the refusals and the missing content.
    func lines(_ errors: [SourceError]) -> [String] {
        errors.filter { !covers($0) }.map { ErrorText($0).lines } + [lines].compactMap(\.self)
    }

    /// The parts that the same images need.
    private var groups: [(places: [Place], parts: [MissingContent.Part])] {
        var numbers: [[Place]: Int] = [:]
        var groups: [(places: [Place], parts: [MissingContent.Part])] = []
        for (part, places) in parts {
            let number = numbers[places] ?? groups.count
            numbers[places] = number
            if number == groups.count { groups.append((places, [])) }
            groups[number].parts.append(part)
        }
        return groups
    }

    /// The lines for a terminal, with the digests last; nil if nothing is missing.
    var lines: String? {
        let groups = groups
        guard let first = groups.first else { return nil }
        var lines: [String]
        if groups.count == 1 {
            let verb = first.places.count == 1 && Self.count(first.places) == 1 ? "is" : "are"
            let counts = (isCut ? "more than " : "") + Self.counts(first.parts)
            lines = [
                "error: \(Self.text(first.places)) \(verb) refused, because \(counts) that"
                    + " \(verb == "is" ? "it needs" : "they need") can't be found in any input or in"
                    + " the site"
            ]
        } else {
            let digests = HumanText.count(parts.count, "digest")
            lines = [
                "error: images are refused, because \(isCut ? "more than " : "")\(digests) that they"
                    + " need can't be found in any input or in the site"
            ]
        }
        lines += Self.remedies(groups.flatMap(\.places)).map { "  \($0)" }
        for group in groups.prefix(Self.maximumGroups) {
            let images = groups.count == 1 ? "" : " for \(Self.text(group.places))"
            lines.append("  missing\(images): \(Self.list(group.parts))")
        }
        let left = groups.count - Self.maximumGroups
        if left > 0 {
            lines.append("  and \(HumanText.count(left, "other group")) of images; see --json")
        }
        return lines.map(HumanText.printable).joined(separator: "\n")
    }

    private static let maximumGroups = 10
    private static let maximumNames = 3
    private static let maximumDigests = 2

    private static func count(_ places: [Place]) -> Int {
        places.reduce(0) { $0 + $1.names.count + $1.more }
    }

    /// `24 layers and 1 config`, in the order of the kinds.
    private static func counts(_ parts: [MissingContent.Part]) -> String {
        let kinds = Dictionary(grouping: parts, by: \.kind).sorted { $0.key < $1.key }
        return kinds.map { HumanText.count($0.value.count, $0.key.rawValue) }
            .joined(separator: " and ")
    }

    private static func list(_ parts: [MissingContent.Part]) -> String {
        let left = parts.count - maximumDigests
        return parts.prefix(maximumDigests)
            .map { "\($0.kind.rawValue) \($0.digest)\($0.isDiffID ? " (diffID)" : "")" }
            .joined(separator: ", ") + (left > 0 ? " and \(left) more (--json lists them)" : "")
    }

    private static func text(_ places: [Place]) -> String {
        let texts = places.prefix(maximumNames)
            .map { place in
                let names = place.names.prefix(maximumNames).joined(separator: ", ")
                let more = place.names.count - min(place.names.count, maximumNames) + place.more
                let images =
                    names.isEmpty
                    ? HumanText.count(more, "image") : names + (more > 0 ? " and \(more) more" : "")
                return "\(images) in \(ErrorText.input(place.input))"
            }
        let left = places.count - texts.count
        return texts.joined(separator: "; ")
            + (left > 0 ? "; and in \(HumanText.count(left, "other input"))" : "")
    }

    /// What the user can do: first use another archive, then save the images again.
    private static func remedies(_ places: [Place]) -> [String] {
        var seen: Set<String> = []
        let inputs = places.map(\.input).filter { seen.insert($0).inserted }
        let own = inputs.count > maximumNames ? "INPUTS" : ShellWord.list(inputs)
        let names = places.flatMap(\.names)
        let name = Set(names).count == 1 ? names.first.map(ShellWord.quoted) : nil
        let image = name ?? "NAME:TAG"
        return [
            "Name the archive that has this content, too, such as that of the base image: regstatic"
                + " build \(own) BASE.tar -o SITE",
            "If there is none, copy the input again from the original, or save the image again: docker"
                + " pull \(image); docker save \(image) -o FILE.tar",
        ]
    }

    var json: JSON {
        .array(
            parts.map { part, places in
                .object([
                    "kind": .string(part.kind.rawValue),
                    part.isDiffID ? "diffID" : "digest": .string(part.digest.description),
                    "neededBy": .array(
                        places.map { place in
                            .object([
                                "input": .string(place.input),
                                "images": .array(place.names.map(JSON.string)),
                                "more": place.more > 0 ? .integer(place.more) : nil,
                            ])
                        }
                    ),
                ])
            }
        )
    }

    /// The limit at which the list ends; nil if the list is complete.
    var limit: JSON? { isCut ? .integer(MissingContent.maximumParts) : nil }

    var isEmpty: Bool { parts.isEmpty }
}
