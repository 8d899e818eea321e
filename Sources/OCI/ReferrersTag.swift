// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

// Clients that find no referrers API on a server look for referrers under this fallback tag.
//
// <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema>
extension Tag {
    /// Makes the fallback tag `sha256-<hex>` of the index that lists a manifest's referrers.
    package init(referrersOf subject: Digest) {
        guard let tag = Tag("\(Self.referrersPrefix)\(subject.hex)") else {
            preconditionFailure("a digest's digits make a tag")
        }
        self = tag
    }

    /// The manifest whose referrers this tag lists; nil if this isn't a fallback tag.
    package var subject: Digest? {
        guard description.hasPrefix(Self.referrersPrefix) else { return nil }
        return Digest(hex: description.dropFirst(Self.referrersPrefix.count))
    }

    /// The manifest to which the content of this tag belongs, and the suffix of the tag; nil unless
    /// this is a fallback tag, or a tag of cosign such as `sha256-<hex>.sig`.
    package var attachment: (subject: Digest, suffix: String)? {
        guard description.hasPrefix(Self.referrersPrefix) else { return nil }
        let rest = description.dropFirst(Self.referrersPrefix.count)
        let suffix = rest.dropFirst(64)
        guard let subject = Digest(hex: rest.prefix(64)), suffix.isEmpty || suffix.hasPrefix(".")
        else { return nil }
        return (subject, String(suffix.dropFirst()))
    }

    private static let referrersPrefix = "sha256-"
}
