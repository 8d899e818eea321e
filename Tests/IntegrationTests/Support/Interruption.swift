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

    /// Whatever happened: what the site had is served, whole, and so is what `index.json` lists; each
    /// file is from the version before or after the run.
    func check(_ name: String, _ tag: String) throws {
        try registry.fetchAll(name, tag)
        let outcome = try workspace.regstatic("verify", "--json", workspace["site"])
        let report = try JSON(parsing: outcome.output)
        let faults = report["faults"]?.array?.map { $0["message"]?.string ?? "" } ?? ["no report"]
        #expect(faults == [])
        #expect([0, 6].contains(outcome.status))
    }

    /// The next run finishes the work; nothing shows that others were killed before.
    func finish() throws {
        try workspace.start(command).wait(120).succeeded()
        let differences = Tree.differences(whole, try workspace.folder.snapshot("site"))
        // When an image was first seen as replaced is different in each run.
        #expect(differences.filter { $0 != ".regstatic/replaced.json" } == [])
    }

    func stop() { server.stop() }
}
