// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Bundles
internal import OCI
internal import Site
internal import SiteModel

// The JSON documents of the commands for bundles.
extension BundleReport {
    /// `digest` is that of the bytes of bundle.json.
    static func json(
        _ document: BundleDocument,
        digest: Digest,
        sparse: [SparseImage],
        signature: BundleSignature? = nil
    ) -> JSON {
        .object([
            "digest": .string("\(digest)"),
            "signature": signature?.json,
            "images": .array(document.tags.map(json)),
            "missing": json(sparse),
            "removed": .array(document.removed.map(json)),
            "carried": .array(document.carries.map(json)),
            "patched": .array(
                document.patches.map { patch in
                    .object([
                        "digest": .string("\(patch.layer.digest)"),
                        "bytes": .integer(patch.layer.size),
                        "patchBytes": .integer(patch.patch.size),
                        "bases": .array(patch.bases.map { .string("\($0)") }),
                    ])
                }
            ),
            "required": .array(document.needs.map(json)),
            "volumes": .integer(max(1, document.volumes.count)),
        ])
    }

    static func json(
        _ report: BundleCheck.Report,
        of files: BundleFiles,
        signature: BundleSignature
    ) -> JSON {
        .object([
            "ok": .bool(report.isWhole),
            "digest": .string("\(files.digest)"),
            "signature": signature.json,
            "damaged": .array(report.damaged.map(json)),
            "missing": json(report.sparse),
            "absentVolumes": .array(report.absent.map { .integer($0 + 1) }),
            "absentContent": report.fit.map { .array($0.missing.map(json)) },
            "conflicts": report.fit.map { .array($0.conflicts.map(json)) },
            "refusals": report.fit.map { fit in
                .array(
                    fit.refusals.map(ErrorText.init)
                        .map { text in
                            .object([
                                "message": .string(text.what),
                                "remedy": text.remedy.map(JSON.string),
                            ])
                        }
                )
            },
        ])
    }

    static func json(_ outcome: BundleApplication.Outcome, receipt: String?) -> JSON {
        .object([
            "complete": .bool(outcome.isComplete),
            "changed": .array(
                outcome.changes.map { entry, previous in
                    .object([
                        "name": .string(entry.name),
                        "digest": .string("\(entry.manifest.digest)"),
                        "previous": previous.map { .string("\($0)") },
                    ])
                }
            ),
            "unchanged": .integer(outcome.unchanged),
            "kept": .array(outcome.kept.map(json)),
            "missing": json(outcome.sparse),
            "removed": .array(outcome.removed.map(\.json)),
            "missingVolumes": .array(outcome.waiting.map { .integer($0 + 1) }),
            "damaged": .array(outcome.damaged.map(json)),
            "receipt": receipt.map(JSON.string),
            "signatureRemoved": .bool(outcome.written.isSignatureRemoved),
        ])
    }

    /// The digests, which have this meaning in all documents.
    private static func json(_ sparse: [SparseImage]) -> JSON {
        let digests = Set(sparse.flatMap(\.missing).map(\.digest))
        return .array(digests.sorted().map { .string("\($0)") })
    }

    private static func json(_ tag: BundleDocument.Tag) -> JSON {
        .object([
            "name": .string(tag.name), "digest": .string("\(tag.manifest)"),
            "previous": tag.previous.map { .string("\($0)") },
        ])
    }

    private static func json(_ content: BundleDocument.Content) -> JSON {
        .object(["digest": .string("\(content.digest)"), "bytes": .integer(content.size)])
    }

    private static func json(_ need: BundleNeed) -> JSON {
        .object([
            "digest": .string("\(need.digest)"), "bytes": .integer(need.size),
            "use": .string(need.purpose),
        ])
    }

    private static func json(_ conflict: BundleFit.Conflict) -> JSON {
        .object([
            "name": .string(conflict.tag.name),
            "expected": conflict.tag.previous.map { .string("\($0)") },
            "found": conflict.found.map { .string("\($0)") },
            "removes": .bool(conflict.isRemoval),
        ])
    }

    private static func json(_ damage: BundleParts.Damage) -> JSON {
        let text = ErrorText(BundleFailure(path: damage.path, cause: damage.cause))
        return .object([
            "file": .string(damage.path), "member": .string(damage.part.path),
            "digest": .string("\(damage.part.content)"), "message": .string(text.what),
        ])
    }
}
