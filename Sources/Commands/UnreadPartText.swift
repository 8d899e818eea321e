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
                    "Unpack the archive, and use both parts as inputs: tar -xf FILE -C FOLDER &&"
                    + " regstatic build FOLDER \(ShellWord.quoted("FOLDER/\(paths[0])")) -o SITE"
            )
            return
        }
        let shown = paths.prefix(Self.maximumPaths)
        let words = ShellWord.list([input] + shown.map { "\(input)/\($0)" })
        let rest = paths.count > shown.count ? " …" : ""
        self.init(
            what,
            remedy:
                "Use \(paths.count == 1 ? "it as an input" : "them as inputs"), too: regstatic build"
                + " \(words)\(rest) -o SITE"
        )
    }

    private static let maximumPaths = 3

    private static func describe(_ part: UnreadPart) -> (what: String, paths: [String]) {
        switch part {
        case .archives(let paths):
            let verb = paths.count == 1 ? "was" : "were"
            return (
                "\(HumanText.count(paths.count, "archive")) in the folder \(verb) not read:"
                    + " \(some(paths))", paths
            )
        case .layouts(let paths):
            return (
                "only the registry's data was read, and not"
                    + " \(paths.count == 1 ? "the OCI layout" : "these OCI layouts:") \(some(paths))",
                paths
            )
        case .registry(let path):
            return (
                "only the saved images were read, and not the registry's data in \(path)", [path]
            )
        }
    }
}
