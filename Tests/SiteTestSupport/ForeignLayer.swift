// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import TestSupport

extension SyntheticImage {
    /// The foreign layer of `foreignLayout`, which the layout lacks.
    package static let foreignLayer = layer("windows", "system")

    /// An OCI layout whose image has a foreign layer in place of its first layer.
    package func foreignLayout(_ name: String) throws -> [TarMember] {
        let type = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
        var layer = Descriptor(
            mediaType: type ?? .octetStream,
            digest: Digest(of: Self.foreignLayer),
            size: Self.foreignLayer.count
        )
        layer.urls = ["https://maker.example/layer"]
        let manifest = try JSON(parsing: ociManifest())
        let layers = [layer.json] + (manifest["layers"]?.array ?? []).dropFirst()
        let members = (manifest.members ?? [])
            .map { $0.key == "layers" ? JSON.Member("layers", .array(Array(layers))) : $0 }
        let bytes = JSON.object(members).canonicalBytes
        return layoutBlobs() + [
            .file(Digest(of: bytes).blobPath, bytes), Self.index([(bytes, .ociManifest, name)]),
        ]
    }
}
