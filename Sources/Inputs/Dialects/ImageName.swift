// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

extension ImageName {
    /// Parses the names in a `RepoTags` list, and returns the invalid names separately.
    ///
    /// Some producers write `""` or an image ID for an image without a name. crane invents a tag for
    /// an image that it pulled by digest, and containerd writes `name@digest`.
    ///
    /// If the image has only invalid names, `replacement` replaces them.
    static func repoTags(
        _ value: JSON?,
        replacement: GivenName? = nil
    ) throws(SourceFault) -> (names: [ImageName], bad: [String]) {
        guard let value, !value.isNull else { return ([], []) }
        guard let texts = value.array?.map(\.string), !texts.contains(nil) else {
            throw .manifest(.field("RepoTags"), document: DockerArchive.path)
        }
        var names: [ImageName] = []
        var bad: [String] = []
        for text in texts.compactMap(\.self) where !saysNoName(text) {
            guard let reference = Reference(text), reference.tag != nil || reference.digest != nil
            else {
                bad.append(text)
                continue
            }
            let invented = reference.tag?.description == "i-was-a-digest"
            names.append(.reference(invented ? reference.withoutTag : reference))
        }
        if names.isEmpty, let replacement {
            return (bad.flatMap { tag(of: $0, replacement) }, [])
        }
        return (names, bad)
    }

    /// The tag of an invalid name, if the tag itself is valid and the user gave no other.
    private static func tag(of text: String, _ replacement: GivenName) -> [ImageName] {
        guard replacement.tag == nil, let colon = text.lastIndex(of: ":"),
            let tag = Tag(String(text[text.index(after: colon)...]))
        else { return [] }
        return [.tag(tag)]
    }

    /// Whether producers write this text for an image without a name: an empty text, an image ID,
    /// or Docker's placeholder.
    private static func saysNoName(_ text: String) -> Bool {
        if text.isEmpty || text == "<none>" || text == "<none>:<none>" { return true }
        let hex = text.hasPrefix("sha256:") ? text.dropFirst("sha256:".count) : text[...]
        return Digest(hex: hex) != nil
    }

    /// Parses the names in the annotations of an entry of `index.json`; `replacement` replaces an
    /// invalid name.
    static func annotated(
        _ entry: Descriptor,
        inSite: Bool,
        replacement: GivenName? = nil
    ) throws(SourceFault) -> [ImageName] {
        guard let replacement, !inSite else { return try annotated(entry, inSite: inSite) }
        do throws(SourceFault) { return try annotated(entry, inSite: inSite) } catch {
            guard case .invalidName(let text) = error else { throw error }
            return tag(of: text, replacement)
        }
    }

    private static func annotated(
        _ entry: Descriptor,
        inSite: Bool
    ) throws(SourceFault) -> [ImageName] {
        let refName = entry.annotation(AnnotationKey.refName)
        if inSite {
            // Every entry of a site has a name, so an entry without one is damaged.
            guard let refName else {
                throw .manifest(.field("the name of an entry"), document: OCILayout.path)
            }
            return [try served(refName)]
        }
        if let text = entry.annotation(AnnotationKey.containerdName), !saysNoName(text) {
            return [try reference(text)]
        }
        if let text = refName, !saysNoName(text) {
            if let tag = Tag(text) { return [.tag(tag)] }
            return [try reference(text)]
        }
        return sources(of: entry)
    }

    /// Parses a user's name for an image; without a tag or digest, the tag is `latest`.
    static func reference(_ text: String) throws(SourceFault) -> ImageName {
        guard let reference = Reference(text) else { throw .invalidName(text) }
        let isNamed = reference.tag != nil || reference.digest != nil
        return .reference(isNamed ? reference : reference.withTag(Tag.latest))
    }

    /// Parses `name:tag`, or `name@digest` for an image without a tag.
    private static func served(_ text: String) throws(SourceFault) -> ImageName {
        let tagStart = text.contains("@") ? text.endIndex : text.lastIndex(of: ":") ?? text.endIndex
        let nameEnd = text.firstIndex(of: "@") ?? tagStart
        let tag = Tag(String(text[tagStart...].dropFirst()))
        guard let name = RepositoryName(String(text[..<nameEnd])), tag != nil || nameEnd != tagStart
        else { throw .invalidName(text) }
        return .served(name, tag)
    }

    /// The repositories from which containerd pulled an image, used as its names if it has no
    /// other.
    private static func sources(of entry: Descriptor) -> [ImageName] {
        entry.annotations.compactMap { member -> ImageName? in
            guard member.key.hasPrefix(AnnotationKey.distributionSource),
                let path = member.value.string?.split(separator: ",").first
            else { return nil }
            let host = member.key.dropFirst(AnnotationKey.distributionSource.count)
            return Reference("\(host)/\(path)").map { .reference($0.withoutTag) }
        }
    }
}

extension Reference {
    fileprivate var withoutTag: Reference { withTag(nil) }

    fileprivate func withTag(_ tag: Tag?) -> Reference {
        Reference(host: host, repository: repository, tag: tag, digest: digest)
    }
}
