// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The user's name for an image of a site: `team/app:1.0`, `team/app@sha256:…`, `team/app`.
package struct SiteReference: Hashable, Sendable, CustomStringConvertible {
    package enum Target: Hashable, Sendable {
        case tag(Tag)
        case digest(Digest)
        /// No tag or digest; this means the repository's only entry, or else the tag `latest`.
        case unnamed
    }

    package let repository: RepositoryName
    package let target: Target

    /// Nil if any part is invalid.
    package init?(_ text: String) {
        var name = text[...]
        if let at = text.firstIndex(of: "@") {
            guard let digest = Digest(text[text.index(after: at)...]) else { return nil }
            (name, target) = (text[..<at], .digest(digest))
        } else if let colon = text.lastIndex(of: ":") {
            guard let tag = Tag(String(text[colon...].dropFirst())) else { return nil }
            (name, target) = (text[..<colon], .tag(tag))
        } else {
            target = .unnamed
        }
        guard let repository = try? NamePolicy().prefixed(String(name)) else { return nil }
        self.repository = repository
    }

    init(_ repository: RepositoryName, _ digest: Digest) {
        self.repository = repository
        target = .digest(digest)
    }

    package var description: String {
        switch target {
        case .tag(let tag): "\(repository):\(tag)"
        case .digest(let digest): "\(repository)@\(digest)"
        case .unnamed: repository.description
        }
    }
}
