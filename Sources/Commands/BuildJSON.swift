// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import OCI
internal import Site
internal import SiteModel

// The report as JSON.
extension BuildReport {
    var json: JSON {
        let missing = MissingContentText(outcome.missing)
        return .object([
            "images": .array(outcome.changes.map(Self.json)),
            "pins": .array(outcome.pins.map(\.json)),
            "removed": .array(outcome.removed.map(\.json)),
            "waiting": outcome.pruned.map { .array($0.waiting.map(\.json)) },
            "until": outcome.pruned?.until,
            "errors": .array(outcome.errors.map { $0.json(missing) }),
            "missingContent": missing.json,
            "missingContentLimit": missing.limit,
            "foreignLayers": .array(
                outcome.foreign.map { image in
                    .object([
                        "name": .string(image.name),
                        "layers": ForeignLayerText.json(image.layers),
                    ])
                }
            ),
            "skipped": .array(outcome.skipped.map(Self.json)),
            "warnings": .array(outcome.warnings.map { SourceWarningText($0.input, $0.1).json }),
            "signers": .array(outcome.signers.map { $0.1.json(input: $0.input) }),
            "signatureRemoved": .bool(outcome.written.isSignatureRemoved),
            "repaired": .integer(outcome.repaired),
            "programs": .array(outcome.programs.after.json),
            "before": Self.json(outcome.before),
            "after": Self.json(outcome.after),
        ])
    }

    private static func json(_ change: SiteMerge.Change) -> JSON {
        let missing = Set(change.missing.map(\.digest)).sorted()
        return .object([
            "name": .string(change.entry.name),
            "repository": .string(change.entry.repository.description),
            "tag": (change.entry.tag?.description).map(JSON.string) ?? .null,
            "digest": .string(change.entry.manifest.digest.description),
            "mediaType": .string(change.entry.manifest.mediaType.description),
            "change": .string(change.kind.rawValue),
            "previousDigest": (change.previous?.description).map(JSON.string),
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
                        "recipe": image.recipe.map(JSON.string),
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

    private static func json(_ input: String, _ skipped: SkippedContent) -> JSON {
        .object([
            "input": .string(input),
            "images": .array(
                skipped.images.map { image in
                    .object([
                        "name": .string(image.name),
                        "platforms": .array(image.platforms.map { .string($0.description) }),
                    ])
                }
            ),
            "uploads": .integer(skipped.uploads),
            "manifests": .array(skipped.manifests.map { .string($0.description) }),
            "blobs": .integer(skipped.blobs), "bytes": .integer(skipped.bytes),
            "files": skipped.files.isEmpty ? nil : .integer(skipped.files.count),
        ])
    }

    private static func json(_ size: SiteSize) -> JSON {
        .object([
            "repositories": .integer(size.repositories), "tags": .integer(size.tags),
            "bytes": .integer(size.bytes),
        ])
    }
}

extension SourceError {
    /// A refused input or image.
    func json(_ missing: MissingContentText) -> JSON {
        let text = missing.text(self)
        return .object([
            "input": .string(input), "image": image.map(JSON.string),
            "message": .string(text.what), "remedy": text.remedy.map(JSON.string),
        ])
    }
}
