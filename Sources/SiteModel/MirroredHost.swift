// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A registry from which a site has images, and the prefix of these images' names in the site.
package struct MirroredHost: Hashable, Sendable {
    package let host: RegistryHost
    /// The prefix that the site adds to the registry's own names; nil if it adds none.
    package let place: RepositoryName?

    package init(_ host: RegistryHost, place: RepositoryName?) {
        self.host = host
        self.place = place
    }

    /// Reads `docker.io`, or `quay.io=mirror/quay.io`.
    init?(_ text: Substring) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = try? RegistryHost(String(parts[0])) else { return nil }
        self.host = host
        place = parts.count == 2 ? RepositoryName(String(parts[1])) : nil
        guard parts.count == 1 || place != nil else { return nil }
    }

    /// Returns the registry with `prefix` before its place; nil if the new place is invalid.
    package func below(_ prefix: RepositoryName) -> MirroredHost? {
        RepositoryName(place.map { "\(prefix)/\($0)" } ?? prefix.description)
            .map { MirroredHost(host, place: $0) }
    }
}

extension MirroredHost: CustomStringConvertible, Comparable {
    package var description: String { "\(host)" + (place.map { "=\($0)" } ?? "") }

    package static func < (left: MirroredHost, right: MirroredHost) -> Bool {
        guard left.host == right.host else { return left.host < right.host }
        guard let place = left.place, let other = right.place else { return right.place != nil }
        return place < other
    }
}
