// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

extension ErrorText {
    /// Explains which rule the name of an image breaks, and how to give the image another name.
    init(invalidName name: String, in input: String) {
        let parts = NameParts(name)
        let example = parts.suggestion ?? "NAME:TAG"
        let file = input == "-" ? "" : "\(input)="
        self.init(
            "no registry can have the name \"\(name)\", because \(parts.reason)",
            remedy:
                "Give the image another name: regstatic build \(ShellWord.quoted(input)) --name"
                + " \(ShellWord.quoted("\(file)\(example)")) -o SITE. If the input has several such"
                + " images, leave out the tag of the new name, and each image keeps its own tag."
        )
    }
}

/// The parts of an image's name that isn't valid.
private struct NameParts {
    /// The repository, without the host.
    private let repository: String
    private let tag: String?
    private let digest: String?

    init(_ name: String) {
        var rest = name[...]
        digest = rest.firstIndex(of: "@").map { String(rest[rest.index(after: $0)...]) }
        rest = rest.prefix { $0 != "@" }
        let colon = rest.lastIndex(of: ":").flatMap { rest[$0...].contains("/") ? nil : $0 }
        tag = colon.map { String(rest[rest.index(after: $0)...]) }
        rest = rest[..<(colon ?? rest.endIndex)]
        let components = rest.split(separator: "/", omittingEmptySubsequences: false)
        let first = components.first ?? ""
        let hasHost =
            components.count > 1 && (first.contains { ".:".contains($0) } || first == "localhost")
        repository = (hasHost ? components.dropFirst() : components[...]).joined(separator: "/")
    }

    /// The rule that the name breaks.
    var reason: String {
        if let digest, Digest(digest) == nil { return "the digest \(digest) isn't valid" }
        if let tag, Tag(tag) == nil { return Self.reason(tag: tag) }
        if repository.isEmpty { return "the repository is empty" }
        if repository.contains(where: \.isUppercase) { return "it has capital letters" }
        if let other = repository.first(where: { !Self.isAllowed($0) && $0 != "/" }) {
            return "it has the character \"\(other)\""
        }
        if repository.utf8.count > Self.maximumName {
            return "it has \(repository.utf8.count) characters, more than \(Self.maximumName)"
        }
        return
            "each part between slashes must begin and end with a letter or a digit, with single . _"
            + " or - between letters and digits"
    }

    private static func reason(tag: String) -> String {
        if tag.isEmpty { return "the tag is empty" }
        let first = tag.first ?? "."
        if let other = tag.first(where: { !isAllowed($0) }) {
            return "the tag has the character \"\(other)\""
        }
        guard tag.utf8.count > maximumTag else { return "the tag begins with \"\(first)\"" }
        return "the tag has \(tag.utf8.count) characters, more than \(maximumTag)"
    }

    private static let maximumName = 255
    private static let maximumTag = 128

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }

    /// A similar name that is valid; nil if there is none.
    var suggestion: String? {
        // In `index.json`, a name without a slash or a colon is a tag.
        if tag == nil, !repository.contains("/"), let tag = Tag(Self.cleaned(repository)) {
            return "NAME:\(tag)"
        }
        let name = Self.cleaned(repository.lowercased())
        guard let name = RepositoryName(name) else { return nil }
        guard let tag else { return "\(name)" }
        let cleaned = String(Self.cleaned(tag).prefix(Self.maximumTag))
        return Tag(cleaned).map { "\(name):\($0)" }
    }

    private static func cleaned(_ text: String) -> String {
        String(text.map { isAllowed($0) || $0 == "/" ? $0 : "-" })
    }
}
