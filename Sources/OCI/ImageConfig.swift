// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The decoded view of an image's configuration.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md>
package struct ImageConfig: Sendable {
    package let platform: Platform?
    /// The digests of the uncompressed layers, base first.
    package let diffIDs: [Digest]

    /// Decodes an image's config; nil if it has no `rootfs`, if `rootfs.diff_ids` isn't a list of
    /// digests, or if clients can't decode a field.
    package init?(_ json: JSON) {
        guard ClientSchema.config.mismatch(in: json) == nil else { return nil }
        guard let rootfs = json["rootfs"], rootfs.members != nil else { return nil }
        // An image without layers may lack the list.
        let values = rootfs["diff_ids"] ?? .null
        let list = values.isNull ? [] : values.array
        guard let diffIDs = list?.map({ $0.string.flatMap { Digest($0) } }),
            !diffIDs.contains(nil)
        else { return nil }
        self.diffIDs = diffIDs.compactMap(\.self)
        self.platform = Platform(json)
    }
}
