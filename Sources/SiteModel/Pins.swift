// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A reference with a digest, as used in Kubernetes manifests, scripts and lists.
package struct Pin: Hashable, Sendable {
    package let reference: Reference
    package let digest: Digest

    /// Parses a reference; nil if it has no digest or isn't valid.
    package init?(_ text: some StringProtocol) {
        guard let reference = Reference(String(text)), let digest = reference.digest else {
            return nil
        }
        self.reference = reference
        self.digest = digest
    }

    /// Finds all pins in a text of any format, without duplicates, in the order of the text.
    package static func all(in text: String) -> [Pin] {
        var seen: Set<Pin> = []
        return text.split(whereSeparator: { !isPart($0) })
            .compactMap { word in
                // Skip a quoted key such as `image:` or a scheme such as `docker://` before the
                // name.
                let name = word.split(separator: "//", omittingEmptySubsequences: true).last
                return name.flatMap { Pin($0.drop { !($0.isLetter || $0.isNumber) }) }
            }
            .filter { seen.insert($0).inserted }
    }

    private static func isPart(_ character: Character) -> Bool {
        guard character.isASCII else { return false }
        return character.isLetter || character.isNumber || "._-/:@[]".contains(character)
    }
}

/// The result of looking up a pin in a site.
package struct PinResult: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case served
        /// The site has the manifest, but only under other names.
        case elsewhere([String])
        /// An index in the site lists the manifest, but no input contained this platform.
        case notCarried
        /// The site has the image with another digest, because the input lacked the registry's
        /// manifest, so regstatic made a new one.
        case madeHere(Digest)
        /// The site has the image with another digest from a registry, so it is another version.
        case different(Digest)
        case absent
    }

    package let pin: Pin
    /// The name that the pin has in the site, with the digest.
    package let name: String
    package let verdict: Verdict

    package init(
        _ pin: Pin,
        names policy: NamePolicy,
        contents: SiteContents
    ) throws(NamingError) {
        let (index, graph) = (contents.index, contents.graph)
        let repository = try policy.place(pin.reference)
        self.pin = pin
        name = "\(repository)@\(pin.digest)"
        let entries = index.entries
        let holders = entries.filter { entry in
            graph.manifests(below: entry.manifest.digest).contains(pin.digest)
        }
        if holders.contains(where: { $0.repository == repository }) {
            verdict = .served
        } else if !holders.isEmpty {
            verdict = .elsewhere(holders.map(\.name))
        } else if graph.missing.contains(pin.digest) {
            verdict = .notCarried
        } else {
            verdict = Self.verdict(entries.filter { $0.repository == repository }, pin)
        }
    }

    /// Finds an alternative in the repository, which is an entry with the pin's tag, or any entry
    /// if the pin has no tag.
    private static func verdict(_ entries: [SiteIndex.Entry], _ pin: Pin) -> Verdict {
        let tag = pin.reference.tag
        let same = tag.map { tag in entries.filter { $0.tag == tag } } ?? entries
        guard let entry = same.first(where: \.isMade) ?? same.first else { return .absent }
        return entry.isMade ? .madeHere(entry.manifest.digest) : .different(entry.manifest.digest)
    }
}
