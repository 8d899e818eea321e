// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport
import Testing

/// A site in which something was moved away and a symbolic link was left in its place.
struct LinkedSite {
    let workspace: Workspace
    let place: String
    private let base: String

    /// All places of a site at which a stranger could put a link.
    static let places = [
        "blobs", "blobs/sha256", "manifests", "manifests/sha256", "v2", "v2/zoo", "v2/zoo/hello",
        "v2/zoo/hello/manifests", "v2/zoo/hello/tags", "clients", "clients/docker", "catalogue",
        "catalogue/zoo", "servers", "servers/nginx", ".regstatic", ".regstatic/tmp",
        ".regstatic/pages.json", ".regstatic/template", "index.json", "content-types.json",
        "index.html", ".regstatic/lock", ".regstatic/inputs.json",
    ]

    /// A command by its arguments, in which SITE is the site, and OUT a path beside it.
    struct Command: CustomTestStringConvertible {
        let arguments: [String]
        var testDescription: String { arguments.prefix(3).joined(separator: " ") }

        init(_ arguments: String...) { self.arguments = arguments }

        func arguments(_ site: LinkedSite) -> [String] {
            arguments.map { argument in
                switch argument {
                case "SITE": site.workspace["site"]
                case "OUT": site.workspace["out"]
                case "TAR": site.workspace["out.tar"]
                default: argument
                }
            }
        }
    }

    static let writing = [
        Command("build", Fixture.containerdOne, "-o", "SITE"),
        Command("build", Fixture.containerdOne, "--no-page", "-o", "SITE"),
        Command("build", Fixture.containerdOne, "--mirror", "--yes", "-o", "SITE"),
        Command("tag", "SITE", "zoo/hello:3", ":new"), Command("remove", "SITE", "zoo/hello:3"),
        Command("remove", "SITE", "zoo/hello:3", "--prune"),
        Command("prune", "SITE"),
        Command("clients", "SITE", "--host", "other.lan"),
    ]

    static let reading = [
        Command("list", "SITE"), Command("verify", "SITE"),
        Command("export", "SITE", "zoo/hello:3", "-o", "TAR"),
        Command("build", "SITE", "-o", "OUT"), Command("publish", "SITE", "OUT", "--force"),
    ]

    /// Builds a site that has something at every place.
    init(_ workspace: Workspace, place: String, layout: String) throws {
        self.workspace = workspace
        self.place = place
        base = layout
        guard !workspace.folder.exists(base) else { return }
        try workspace.folder.write("template/style.css", "body { color: black }\n")
        try workspace.build(
            [Fixture.docker20Many],
            "--layout",
            layout,
            "--template",
            workspace["template"],
            into: base
        )
        try workspace.regstatic("clients", workspace[base], "--host", "r.lan").succeeded()
        // Something for prune to take away.
        try workspace.regstatic("remove", workspace[base], "zoo/hello:2").succeeded()
    }

    /// A fresh site with the link, and what is outside.
    func make() throws -> [String: Tree.Entry] {
        for path in ["site", "out", "out.tar", "outside"] { try workspace.folder.remove(path) }
        try workspace.copy(base, to: "site")
        try workspace.folder.makeFolder("outside")
        try workspace.folder.move("site/\(place)", to: "outside/thing")
        try workspace.folder.makeLink("site/\(place)", to: workspace["outside/thing"])
        return try workspace.folder.snapshot("outside")
    }

    /// Puts back what was moved away.
    func mend() throws {
        try workspace.folder.remove("site/\(place)")
        try workspace.folder.move("outside/thing", to: "site/\(place)")
    }

    func run(_ command: Command, tracing: Bool = false) throws -> Outcome {
        let calls = ["openat", "openat2", "unlinkat", "renameat", "mkdirat", "symlinkat"]
        let trace =
            tracing
            ? [
                "strace", "-f", "-qq", "-y", "-o", workspace["trace"], "-e",
                "trace=" + calls.joined(separator: ","),
            ] : []
        return try workspace.start(trace + [Workspace.regstatic] + command.arguments(self)).wait()
    }

    /// The calls of the last traced run that reached something outside.
    func reached() throws -> [Substring] {
        try workspace.folder.text("trace").split(separator: "\n")
            .filter { $0.contains("<\(workspace["outside"])") }
    }
}
