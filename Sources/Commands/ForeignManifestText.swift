// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

extension ErrorText {
    /// Describes a manifest that clients can't pull.
    init(_ kind: ForeignManifest, _ document: String) {
        switch kind {
        case .schema1:
            self.init(
                "\(document) is a schema 1 manifest, the format of Docker before 1.10, which today's"
                    + " clients can't pull",
                remedy:
                    "Convert the image in its registry to OCI, and use the result as the input:"
                    + " skopeo copy docker://REGISTRY/NAME:TAG oci-archive:FILE.tar:NAME:TAG"
            )
        case .artifact:
            self.init(
                "\(document) is an artifact manifest of a release candidate of OCI 1.1, which today's"
                    + " clients can't pull",
                remedy:
                    "Attach or push the artifact again with a current tool (oras 1.1 or later), which"
                    + " writes an image manifest."
            )
        case .buildCache:
            self.init(
                "\(document) is a build cache of BuildKit, not an image: an index that lists blobs in"
                    + " place of manifests",
                remedy:
                    "Only this cache is not in the site. To serve the cache, too, export it as an"
                    + " image: --cache-to"
                    + " type=registry,ref=NAME:TAG,image-manifest=true,oci-mediatypes=true"
            )
        }
    }
}
