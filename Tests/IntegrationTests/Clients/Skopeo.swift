// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// skopeo, which copies what it pulls into a folder, byte for byte.
struct Skopeo: PullClient, ConfiguredClient {
    let workspace: Workspace

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
        try workspace.start(arguments).wait().succeeded()
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
        guard let config = manifest["config"].flatMap(Descriptor.init),
            let layers = manifest["layers"]?.array?.compactMap(Descriptor.init)
        else { throw Missing(description: "no manifest in \(folder.path)") }
        return ImageContent(
            config: try folder.read(config.digest.hex),
            diffIDs: try layers.map { layer in
                Digest(of: try decoded(folder, layer.digest.hex, workspace))
            }
        )
    }

    /// A layer's tar, by the program for what its first bytes say.
    private static func decoded(
        _ folder: TemporaryFolder,
        _ name: String,
        _ workspace: Workspace
    ) throws -> [UInt8] {
        let bytes = try folder.read(name)
        let decoder: String? =
            switch bytes.prefix(4) {
            case [0x28, 0xB5, 0x2F, 0xFD]: "zstd"
            case let start where start.starts(with: [0x1F, 0x8B]): "gzip"
            default: nil
            }
        guard let decoder else { return bytes }
        // gzip wants a suffix that it knows, unless it writes to standard output by force.
        return try workspace.run(decoder, "-dcf", folder[name]).succeeded().output
    }
}
