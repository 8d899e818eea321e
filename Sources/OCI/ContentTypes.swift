// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A site's content-types.json as evidence of what the site served when it was whole.
package enum ContentTypes {
    /// The digests of everything that is listed.
    package static func digests(_ json: JSON) -> Set<Digest> {
        Set((json.members ?? []).compactMap { $0.value["digest"]?.string.flatMap { Digest($0) } })
    }
}
