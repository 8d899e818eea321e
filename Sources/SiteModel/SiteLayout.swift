// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The form of the paths of a site's files on its medium.
package enum SiteLayout: String, CaseIterable, Sendable {
    /// A layout with one path for each URL of the API and with links into the store, for any server
    /// on a POSIX file system.
    case plain
    /// A layout without `:`, links and names that differ only by case, for FAT, exFAT, NTFS and CD.
    ///
    /// A server needs rules to find the file for a URL.
    case portable
}

// File names that every medium can hold.
extension SiteLayout {
    /// The path of a tag's file in the portable layout.
    ///
    /// The file is a copy of the tag's manifest, with the manifest kind as extension.
    ///
    /// The first character of the name shows whether the tag has capitals, because some media
    /// ignore case. This character also makes the name differ from names that Windows reserves
    /// (`con`), and from the folders of longer repository names.
    package static func tagPath(
        _ repository: RepositoryName,
        _ tag: Tag,
        kind: ManifestKind
    ) -> String {
        let mark = tag.hasCapitals ? "+" : "_"
        return "v2/\(repository)/manifests/\(mark)\(tag).\(kind.rawValue)"
    }

    /// The path of a referrers list in the portable layout.
    package static func referrersPath(_ repository: RepositoryName, _ subject: Digest) -> String {
        "v2/\(repository)/referrers/\(subject.hex).\(ManifestKind.ociIndex.rawValue)"
    }
}

extension Tag {
    var hasCapitals: Bool {
        description.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
