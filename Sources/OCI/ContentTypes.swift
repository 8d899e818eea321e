// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A site's content-types.json as evidence of what the site served when it was whole.
package enum ContentTypes {
    /// The digests of everything that is listed.
    package static func digests(_ json: JSON) -> Set<Digest> {
        Set((json.members ?? []).compactMap { $0.value["digest"]?.string.flatMap { Digest($0) } })
    }

    /// The tags that are listed, under all names of their repositories.
    package static func tags(_ json: JSON) -> [(repository: RepositoryName, tag: Tag)] {
        (json.members ?? [])
            .compactMap { member in
                let parts = member.key.split(separator: "/")
                guard parts.count > 3, parts[0] == "v2", parts[parts.count - 2] == "manifests",
                    let tag = Tag(String(parts[parts.count - 1])),
                    let name = RepositoryName(parts[1...].dropLast(2).joined(separator: "/"))
                else { return nil }
                return (name, tag)
            }
    }
}
