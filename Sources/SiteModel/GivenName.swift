// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A name from the user, `[FILE=]REPOSITORY[:TAG]`, for an image without a name.
package struct GivenName: Hashable, Sendable {
    package let input: String?
    package let repository: RepositoryName
    package let tag: Tag?
    package let text: String

    /// Parses a name; nil if it isn't valid.
    package init?(_ text: String) {
        // Split at the last equals sign, because a file name can contain one, but repository names
        // and tags can't.
        let sign = text.lastIndex(of: "=")
        let name = sign.map { text[text.index(after: $0)...] } ?? text[...]
        let input = sign.map { String(text[..<$0]) }
        guard input != "" else { return nil }
        let colon = name.lastIndex(of: ":") ?? name.endIndex
        guard let repository = RepositoryName(String(name[..<colon])) else { return nil }
        let tag = Tag(String(name[colon...].dropFirst()))
        guard tag != nil || colon == name.endIndex else { return nil }
        self.input = input
        self.repository = repository
        self.tag = tag
        self.text = text
    }

    package func isUsed(by images: [SavedImage]) -> Bool {
        images.contains { $0.lacksRepository && applies(to: $0) }
    }

    func applies(to image: SavedImage) -> Bool { applies(toInput: image.input) }

    package func applies(toInput other: String) -> Bool {
        guard let input else { return true }
        return other == input || other.split(separator: "/").last == input[...]
    }
}
