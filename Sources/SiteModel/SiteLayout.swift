// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The form in which a site's files are laid out on its medium.
package enum SiteLayout: String, CaseIterable, Sendable {
    /// One path for each URL of the API, with links into the store, for any server on a POSIX file
    /// system.
    case plain
    /// No `:`, no links, and no names that differ only by case, for FAT, exFAT, NTFS and CD.
    ///
    /// A server needs rules to find the files.
    case portable
}

// File names that every medium can hold.
extension SiteLayout {
    /// The portable file of a tag: a copy of its manifest, with the manifest kind as extension.
    ///
    /// The first character shows whether the tag has capitals, because some media ignore case. It
    /// also makes the name differ from names that Windows reserves (`con`), and from the folders of
    /// longer repository names.
    package static func tagPath(
        _ repository: RepositoryName,
        _ tag: Tag,
        kind: ManifestKind
    ) -> String {
        let mark = tag.hasCapitals ? "+" : "_"
        return "v2/\(repository)/manifests/\(mark)\(tag).\(kind.rawValue)"
    }

    /// The portable file of a referrers list.
    package static func referrersPath(_ repository: RepositoryName, _ subject: Digest) -> String {
        "v2/\(repository)/referrers/\(subject.hex).\(ManifestKind.ociIndex.rawValue)"
    }
}

extension Tag {
    var hasCapitals: Bool {
        description.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
