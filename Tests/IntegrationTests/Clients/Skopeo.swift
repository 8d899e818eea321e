// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// skopeo, which copies what it pulls into a folder, byte for byte.
struct Skopeo: PullClient, ConfiguredClient {
    let workspace: Workspace
    var debian = Debian.machine

    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        let folder = try copy("docker://\(endpoint.host)/\(reference)", trusting: endpoint)
        return try Self.content(folder, workspace)
    }

    func pull(configured name: String) throws -> ImageContent {
        try Self.content(try copy("docker://\(name)"), workspace)
    }

    /// Copies an image, or with `all` an index with all its images, to a new folder.
    func copy(_ source: String, trusting endpoint: Endpoint? = nil, all: Bool = false) throws
        -> TemporaryFolder
    {
        let folder = try TemporaryFolder()
        var arguments = ["skopeo", "--insecure-policy", "--override-arch", "amd64"]
        arguments += ["--override-os", "linux", "copy", "-q"]
        if let endpoint { arguments += Self.trust(endpoint, prefix: "src-") }
        if all { arguments.append("--all") }
        arguments += [source, "dir:\(folder.path)"]
        try workspace.start(debian.command(arguments)).wait().succeeded()
        return folder
    }

    /// What `skopeo inspect --raw` or other commands print.
    func print(_ arguments: String...) throws -> [UInt8] {
        try workspace.start(["skopeo", "--insecure-policy"] + arguments).wait().succeeded().output
    }

    static func trust(_ endpoint: Endpoint, prefix: String = "") -> [String] {
        endpoint.authority.map { ["--\(prefix)cert-dir=\($0.trust)"] }
            ?? ["--\(prefix)tls-verify=false"]
    }

    /// Reads a folder that `skopeo copy` wrote: `manifest.json`, and blobs by the digest's digits.
    static func content(_ folder: TemporaryFolder, _ workspace: Workspace) throws -> ImageContent {
        let manifest = try JSON(parsing: try folder.read("manifest.json"))
        return try ImageContent(copied: manifest, workspace) { folder[$0.hex] }
    }
}
