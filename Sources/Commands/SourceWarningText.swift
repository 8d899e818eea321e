// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import OCI

/// What is odd about an input that was read nevertheless, as the user reads it.
struct SourceWarningText {
    private let input: String
    /// The word of the JSON document.
    private let kind: String
    private let message: String

    init(_ input: String, _ warning: SourceWarning) {
        self.input = input
        (kind, message) =
            switch warning {
            case .noEndMark:
                (
                    "no-end-mark",
                    "the tar has no end mark, so it may be cut off; everything that its list names is there"
                )
            case .tail:
                (
                    "tail",
                    "other bytes follow the end of the archive; they were not read, so check that nothing is missing"
                )
            case .severalArchives(let count):
                (
                    "several-archives",
                    "the file has \(count) archives that follow one another; each was read like a file of its own"
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
