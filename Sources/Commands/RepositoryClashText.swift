// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

extension ErrorText {
    /// Names two repositories that can't be in one site, names their inputs, and explains how to
    /// rename one of them.
    init(_ clash: RepositoryClash) {
        let (outer, inner) = (clash.outer, clash.inner)
        let reason =
            outer.served == inner.served
            ? "because clients also pull \(outer.repository) as \(outer.served)"
            : "because the path of \(inner.served) belongs to the API of \(outer.served)"
        self.init(
            "the repositories \(Self.text(outer)) and \(Self.text(inner)) can't be in one site,"
                + " \(reason)",
            remedy: clash.movable.map(Self.prefixing) ?? Self.renaming(inner)
        )
    }

    private static func text(_ side: RepositoryClash.Side) -> String {
        let inputs = side.inputs.map(input)
        let origin =
            (inputs.isEmpty ? [] : ["from \(some(inputs))"])
            + (side.isInSite ? ["already in the site"] : [])
        return "\(side.repository)"
            + (origin.isEmpty ? "" : " (\(origin.joined(separator: ", and ")))")
    }

    private static func prefixing(_ side: RepositoryClash.Side) -> String {
        let inputs = ShellWord.list(side.inputs)
        return
            "Build \(some(side.inputs)) in a separate run, with another prefix for its names:"
            + " regstatic build \(inputs) --prefix PREFIX -o SITE"
    }

    private static func renaming(_ side: RepositoryClash.Side) -> String {
        "Give the images of \(side.repository) another name where they were saved (docker tag), and"
            + " save the archive again with the new names only."
    }
}
