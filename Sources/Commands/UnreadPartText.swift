// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs

extension ErrorText {
    /// Explains which images of an input were not read.
    init(_ part: UnreadPart, of input: String, isFolder: Bool) {
        let (what, paths) = Self.describe(part)
        guard isFolder else {
            self.init(
                what,
                remedy:
                    "Unpack the input, and use the folder and \(paths.count == 1 ? "this part" : "these parts") as"
                    + " inputs: mkdir FOLDER && tar -xf"
                    + " \(input == "-" ? "FILE" : ShellWord.quoted(input)) -C FOLDER &&"
                    + " regstatic build \(Self.words(paths, in: "FOLDER")) -o SITE"
            )
            return
        }
        self.init(
            what,
            remedy:
                "Use \(paths.count == 1 ? "it as an input" : "them as inputs"), too: regstatic build"
                + " \(Self.words(paths, in: input)) -o SITE"
        )
    }

    /// The folder and the first paths in it, as words of a command.
    private static func words(_ paths: [String], in folder: String) -> String {
        let shown = paths.prefix(maximumPaths).map { "\(folder)/\($0)" }
        return ShellWord.list([folder] + shown) + (paths.count > shown.count ? " …" : "")
    }

    private static let maximumPaths = 3

    private static func describe(_ part: UnreadPart) -> (what: String, paths: [String]) {
        switch part {
        case .archives(let paths):
            let verb = paths.count == 1 ? "was" : "were"
            return (
                "\(HumanText.count(paths.count, "archive")) in the input \(verb) not read:"
                    + " \(some(paths))", paths
            )
        case .layouts(let paths):
            return (
                paths.count == 1
                    ? "the OCI layout \(paths[0]) in the input was not read"
                    : "\(paths.count) OCI layouts in the input were not read: \(some(paths))", paths
            )
        case .registry(let path):
            return (
                "the registry's data in \(path.isEmpty ? "the input" : path) was not read", [path]
            )
        }
    }
}
