// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A tag that inputs give to different images of the same platform.
package struct TagConflict: Hashable, Sendable {
    /// An image that claims the tag.
    package struct Claim: Hashable, Sendable {
        /// The input as the user named it.
        package let input: String
        package let digest: Digest
        /// The image's names in the input, which may have different hosts.
        package let names: [String]
        package let hosts: Set<String>

        package init(input: String, digest: Digest, names: [String], hosts: Set<String>) {
            (self.input, self.digest) = (input, digest)
            (self.names, self.hosts) = (names, hosts)
        }
    }

    package let repository: RepositoryName
    package let tag: Tag
    /// The platform of at least two of the images; nil for images without platforms.
    package let platform: Platform?
    package let claims: [Claim]

    package init(
        _ repository: RepositoryName,
        _ tag: Tag,
        platform: Platform?,
        claims: [Claim]
    ) {
        (self.repository, self.tag) = (repository, tag)
        (self.platform, self.claims) = (platform, claims)
    }

    init(_ repository: RepositoryName, _ tag: Tag, platform: Platform?, images: [SavedImage]) {
        (self.repository, self.tag, self.platform) = (repository, tag, platform)
        claims = images.map { image in
            let references = image.names.compactMap { name -> Reference? in
                guard case .reference(let reference) = name else { return nil }
                let isSame = reference.tag == tag && repository.ends(with: reference.repository)
                return isSame ? reference : nil
            }
            return Claim(
                input: image.input,
                digest: image.root.digest,
                names: references.map(\.description),
                hosts: Set(references.map(\.host))
            )
        }
    }

    /// Whether the names in the inputs have different hosts, so that `--keep-host` gives some of the
    /// images different names.
    package var hasTwoHosts: Bool { Set(claims.flatMap(\.hosts)).count > 1 }

    /// Whether each host has only one image, so that `--keep-host` is enough.
    package var hostsTellApart: Bool {
        Set(claims.flatMap(\.hosts))
            .allSatisfy { host in
                Set(claims.filter { $0.hosts.contains(host) }.map(\.digest)).count == 1
            }
    }

    /// The claims of each image, in the order of the first claims.
    package var images: [[Claim]] {
        var order: [Digest] = []
        var groups: [Digest: [Claim]] = [:]
        for claim in claims {
            if groups[claim.digest] == nil { order.append(claim.digest) }
            groups[claim.digest, default: []].append(claim)
        }
        return order.compactMap { groups[$0] }
    }
}

extension RepositoryName {
    /// Whether this name is `other` or ends with it, regardless of Docker Hub's `library/`.
    fileprivate func ends(with other: RepositoryName) -> Bool {
        let name = other.description
        let short = name.hasPrefix("library/") ? String(name.dropFirst("library/".count)) : name
        return description == short || description.hasSuffix("/\(short)")
    }
}
