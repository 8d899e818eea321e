// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport
import Testing

/// A site that serves an image while runs that add others to it are killed.
struct Interruption {
    let workspace: Workspace
    let inputs: [String]
    private let registry: Registry
    private let server: NginxServer
    private let whole: [String: Tree.Entry]
    /// What an undisturbed run takes.
    let duration: Duration

    /// Serves the first archive's site, and builds once more beside it without a disturbance.
    init(_ workspace: Workspace, base: String, adding inputs: [String]) throws {
        self.workspace = workspace
        self.inputs = inputs
        try workspace.build([base], into: "base")
        try workspace.copy("base", to: "whole")
        duration = try ContinuousClock().measure { try workspace.build(inputs, into: "whole") }
        whole = try workspace.folder.snapshot("whole")
        try workspace.copy("base", to: "site")
        server = try NginxServer(workspace, site: workspace["site"])
        registry = Registry(HTTPClient(workspace, server.endpoint))
    }

    /// The command that is going to be killed.
    var command: [String] {
        [Workspace.regstatic, "build", "-q"] + inputs + ["-o", workspace["site"]]
    }

    func startAfresh() throws {
        try workspace.folder.remove("site")
        try workspace.copy("base", to: "site")
    }

    /// Whatever happened: what the site had is served, whole, and so is what `index.json` lists.
    func check(_ name: String, _ tag: String) throws {
        try registry.fetchAll(name, tag)
        let outcome = try workspace.regstatic("verify", "--json", workspace["site"])
        let report = try JSON(parsing: outcome.output)
        let faults = report["faults"]?.array?.map { $0["message"]?.string ?? "" } ?? ["no report"]
        #expect(faults.filter { !Self.isDrawnAgain($0) } == [])
    }

    /// Whether a fault is only that what is drawn from `index.json` is already newer than it.
    ///
    /// That is so for the moment between a tag's link and `index.json`, and pages come after that.
    private static func isDrawnAgain(_ fault: String) -> Bool {
        guard fault.hasSuffix(": missing or changed") else { return false }
        let path = fault.prefix { $0 != ":" }
        return path == "content-types.json" || path == "v2/_catalog"
            || path == "index.html" || path.hasPrefix("catalogue/")
            || path.hasSuffix("/tags/list") || path.contains("/manifests/") && path.hasPrefix("v2/")
    }

    /// The next run finishes the work; nothing shows that others were killed before.
    func finish() throws {
        try workspace.start(command).wait(120).succeeded()
        let differences = Tree.differences(whole, try workspace.folder.snapshot("site"))
        #expect(differences == [])
    }

    func stop() { server.stop() }
}
