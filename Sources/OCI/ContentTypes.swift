// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A site's content-types.json as a source of evidence: what the site served when it was whole.
package enum ContentTypes {
    /// The digests of everything that is listed; none if the bytes aren't such a list.
    package static func digests(_ bytes: [UInt8]) -> Set<Digest> {
        let json = try? JSON(parsing: bytes, limits: .list)
        return Set(
            (json?.members ?? []).compactMap { $0.value["digest"]?.string.flatMap { Digest($0) } }
        )
    }
}
