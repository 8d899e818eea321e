// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import TestSupport

/// A chart as Helm pushes it, in an OCI layout.
enum HelmChart {
    static let repository = "charts/app"
    static let version = "1.2.0"

    /// - Returns: the path of the layout.
    static func write(_ workspace: Workspace) throws -> String {
        let folder = workspace.folder
        let description = "apiVersion: v2\nname: app\nversion: \(version)\n"
        let files = TarBuilder.tar([.file("app/Chart.yaml", description)])
        let tar = try folder.write("chart.tar", files)
        let chart = try workspace.run("gzip", "-nc", tar).succeeded().output
        let config = JSON.object([
            "apiVersion": .string("v2"), "name": .string("app"), "version": .string(version),
        ])
        let manifest = JSON.object([
            "schemaVersion": .integer(2), "mediaType": .string("\(oci).manifest.v1+json"),
            "config": try blob(config.canonicalBytes, "\(helm).config.v1+json", folder),
            "layers": .array([try blob(chart, "\(helm).chart.content.v1.tar+gzip", folder)]),
        ])
        guard
            case .object(var entry) = try blob(
                manifest.canonicalBytes,
                "\(oci).manifest.v1+json",
                folder
            )
        else { return "" }
        let name = JSON.object([
            "org.opencontainers.image.ref.name": .string("\(repository):\(version)")
        ])
        entry.append(.init("annotations", name))
        let index = JSON.object([
            "schemaVersion": .integer(2), "manifests": .array([.object(entry)]),
        ])
        try folder.write("chart/index.json", index.canonicalBytes)
        try folder.write("chart/oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
        return folder["chart"]
    }

    private static let oci = "application/vnd.oci.image"
    private static let helm = "application/vnd.cncf.helm"

    private static func blob(_ bytes: [UInt8], _ type: String, _ folder: TemporaryFolder) throws
        -> JSON
    {
        let digest = Digest(of: bytes)
        try folder.write("chart/blobs/sha256/\(digest.hex)", bytes)
        return .object([
            "mediaType": .string(type), "digest": .string("\(digest)"),
            "size": .integer(bytes.count),
        ])
    }
}
