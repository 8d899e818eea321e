// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// crane or oras, which copies what it pulls into an OCI image layout.
struct LayoutClient: PullClient {
    let program: Program
    let workspace: Workspace
    let debian: Debian

    func pull(_ reference: String, from endpoint: Endpoint) throws -> ImageContent {
        let folder = try TemporaryFolder()
        let source = "\(endpoint.host)/\(reference)"
        let arguments =
            program == .crane
            ? crane(source, endpoint, to: folder["image"])
            : oras(source, endpoint, to: folder["image"])
        try workspace.start(debian.command(arguments)).wait().succeeded()
        return try content(folder)
    }

    private func crane(_ source: String, _ endpoint: Endpoint, to layout: String) -> [String] {
        let trust = endpoint.authority.map { ["env", "SSL_CERT_FILE=\($0.certificate)"] } ?? []
        return trust + ["crane", "pull", "--format", "oci", "--platform", "linux/amd64"]
            + (endpoint.authority == nil ? ["--insecure"] : []) + [source, layout]
    }

    private func oras(_ source: String, _ endpoint: Endpoint, to layout: String) -> [String] {
        let trust =
            endpoint.authority.map { ["--from-ca-file", $0.certificate] } ?? ["--from-plain-http"]
        return ["oras", "copy", "--platform", "linux/amd64"] + trust
            + ["--to-oci-layout", source, "\(layout):pulled"]
    }

    private func content(_ folder: TemporaryFolder) throws -> ImageContent {
        func blob(_ digest: Digest) -> String { folder["image/blobs/sha256/\(digest.hex)"] }
        let index = try JSON(parsing: try folder.read("image/index.json"))
        guard let image = index["manifests"]?.array?.first.flatMap(Descriptor.init) else {
            throw Missing(description: "\(program.name) left an empty layout")
        }
        let manifest = try JSON(parsing: try Tree.contents(blob(image.digest)))
        return try ImageContent(copied: manifest, workspace, blob: blob)
    }
}
