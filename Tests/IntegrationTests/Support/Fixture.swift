// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// Archives that real engines saved.
enum Fixture {
    /// The folder of all tests.
    static let tests = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    private static let folder = "\(tests)/Fixtures"

    /// The path of a fixture.
    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    static let docker20Many = path("docker20-many.tar")
    static let docker20One = path("docker20-one.tar")
    static let docker20ByID = path("docker20-byid.tar")
    static let containerdOne = path("docker28ctr-one.tar")
    static let containerdMany = path("docker28ctr-many.tar")
    static let attested = path("docker28ctr-multiarch-attested.tar")
    static let mergeAMD64 = path("buildx-docker-amd64.tar")
    static let mergeARM64 = path("buildx-docker-arm64.tar")
    static let referrers = path("oci-referrers")
    static let signed = path("registry-signed.tar")
    static let signersKey = path("registry-signed.pub")
    static let othersKey = path("registry-signed-other.pub")
}

/// What makes an image the same image wherever it is: its configuration and its layers' content.
struct ImageContent: Hashable, Sendable {
    let config: Digest
    /// The digests of the uncompressed layers, base first.
    let diffIDs: [Digest]

    /// Checks the layers of which a client says that it has them against the configuration.
    init(config: [UInt8], diffIDs: [Digest]) {
        self.config = Digest(of: config)
        self.diffIDs = diffIDs
    }

    init(config: Digest, diffIDs: [Digest]) {
        self.config = config
        self.diffIDs = diffIDs
    }

    /// What an archive says of the image with this name.
    init(archive: String, name: String, _ workspace: Workspace) throws {
        func member(_ path: String) throws -> [UInt8] {
            try workspace.run("tar", "-xOf", archive, path).succeeded().output
        }
        let list = try JSON(parsing: try member("manifest.json"), limits: .document)
        let entry = list.array?.first { $0["RepoTags"]?.array?.contains(.string(name)) == true }
        guard let path = entry?["Config"]?.string else {
            throw Missing(description: "\(archive) has no \(name)")
        }
        let bytes = try member(path)
        guard let config = ImageConfig(try JSON(parsing: bytes, limits: .document)) else {
            throw Missing(description: "\(archive) has no configuration of \(name)")
        }
        self.init(config: bytes, diffIDs: config.diffIDs)
    }
}
