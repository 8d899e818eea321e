// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import Inputs

/// A reference with a digest, as people pin it in manifests of Kubernetes, scripts, lists.
package struct Pin: Hashable, Sendable {
    package let reference: Reference
    package let digest: Digest

    /// Nil for what has no digest, or isn't valid.
    package init?(_ text: some StringProtocol) {
        guard let reference = Reference(String(text)), let digest = reference.digest else {
            return nil
        }
        self.reference = reference
        self.digest = digest
    }

    /// All pins in a text of any kind, each once, in their order.
    package static func all(in text: String) -> [Pin] {
        var seen: Set<Pin> = []
        return text.split(whereSeparator: { !isPart($0) })
            .compactMap { word in
                // A quoted key or a scheme may stand before the name: `image:`, `docker://`.
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

/// What a site can do for a pin.
package struct PinResult: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case served
        /// The manifest is there, under other names only.
        case elsewhere([String])
        /// An index in the site names it, and its platform was not carried.
        case notCarried
        /// The image is there, with a digest that a build made: its archive had no registry's manifest.
        case madeHere(Digest)
        /// The image is there with another registry's digest: another version.
        case different(Digest)
        case absent
    }

    package let pin: Pin
    /// The name in the site, with the digest.
    package let name: String
    package let verdict: Verdict

    init(
        _ pin: Pin,
        _ policy: NamePolicy,
        _ index: SiteIndex,
        _ graph: SiteGraph
    ) throws(NamingError) {
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

    /// What the repository has instead: under the pin's own tag, if it has one.
    private static func verdict(_ entries: [SiteIndex.Entry], _ pin: Pin) -> Verdict {
        let tag = pin.reference.tag
        let same = tag.map { tag in entries.filter { $0.tag == tag } } ?? entries
        guard let entry = same.first(where: \.isMade) ?? same.first else { return .absent }
        return entry.isMade ? .madeHere(entry.manifest.digest) : .different(entry.manifest.digest)
    }
}
