// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import OCI

/// A warning for the user about an input that is unusual, but was read.
struct SourceWarningText {
    private let input: String
    /// The name of the warning in the JSON document.
    private let kind: String
    private let message: String

    init(_ input: String, _ warning: SourceWarning) {
        self.input = input
        (kind, message) =
            switch warning {
            case .noEndMark:
                (
                    "no-end-mark",
                    "the tar has no end mark, so its end may be missing, but everything in its"
                        + " list of images is present"
                )
            case .tail:
                (
                    "tail",
                    "the file has other bytes after the end of the archive, which were not read;"
                        + " check that no image is missing"
                )
            case .severalArchives(let count):
                (
                    "several-archives",
                    "the file contains \(count) archives in a row, and each was read like a"
                        + " separate file"
                )
            case .damaged(let member):
                (
                    "damaged-member",
                    "\(member) is damaged; an intact copy from another input or from the site was used"
                )
            case .unneeded(let member):
                (
                    "unneeded-member",
                    "\(member) is damaged, but not needed, because manifest.json describes its image"
                )
            }
    }

    var line: String { "\(input == "-" ? "standard input" : input): \(message)" }

    var json: JSON {
        .object([
            "input": .string(input), "kind": .string(kind), "message": .string(message),
        ])
    }
}
