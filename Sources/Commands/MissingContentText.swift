// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import OCI

/// All content that the refused images of a run need, and that is nowhere: each digest once.
struct MissingContentText {
    private struct Place {
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

    /// The text of an error; the remedy for missing content is only below the list.
    func text(_ error: SourceError) -> ErrorText {
        let text = ErrorText(error)
        if case .sparse = error.fault { return text }
        let image = error.image.map { Refused(input: error.input, image: $0) }
        guard error.fault.lacksContent, let image, refused.contains(image) else { return text }
        return ErrorText(text.what)
    }

    /// The lines for a terminal; nil if nothing is missing.
    var lines: String? {
        guard !parts.isEmpty else { return nil }
        let digests = HumanText.count(parts.count, "digest")
        let left = parts.count - Self.maximumLines
        let lines =
            [
                "error: the refused images need \(isCut ? "more than " : "")\(digests), which all inputs"
                    + " and the site lack:"
            ] + parts.prefix(Self.maximumLines).map(Self.line)
            + (left > 0 ? ["  and \(left) more; --json lists \(isCut ? "them" : "all")"] : [])
            + ["  \(Self.remedy)"]
        return lines.map(HumanText.printable).joined(separator: "\n")
    }

    private static let maximumLines = 20
    private static let maximumNames = 3

    private static func line(_ part: MissingContent.Part, _ places: [Place]) -> String {
        let texts = places.prefix(maximumNames)
            .map { place in
                let names = place.names.prefix(maximumNames).joined(separator: ", ")
                let more = place.names.count - min(place.names.count, maximumNames) + place.more
                let images =
                    names.isEmpty
                    ? HumanText.count(more, "image") : names + (more > 0 ? " and \(more) more" : "")
                return "\(images) in \(ErrorText.input(place.input))"
            }
        let inputs = places.count - texts.count
        return
            "  \(part.kind.rawValue) \(part.digest)\(part.isDiffID ? " (diffID)" : ""), needed by "
            + texts.joined(separator: "; ")
            + (inputs > 0 ? "; and in \(HumanText.count(inputs, "other input"))" : "")
    }

    private static let remedy =
        "If another archive or folder has this content, name it in the same command; a base layer is also"
        + " in the archive of the base image. Otherwise, copy the input again from the original, or"
        + " pull the images again where they were saved, and save them again. If other platforms of an"
        + " image are complete, build only these: --platform linux/amd64"

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
