// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

// The tag under which clients look for referrers where a server has no API for them.
//
// <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema>
extension Tag {
    /// `sha256-<hex>`: where an index of what refers to a manifest is.
    package init(referrersOf subject: Digest) {
        guard let tag = Tag("\(Self.referrersPrefix)\(subject.hex)") else {
            preconditionFailure("a digest's digits make a tag")
        }
        self = tag
    }

    /// The manifest whose referrers this tag would list; nil for other tags.
    package var subject: Digest? {
        guard description.hasPrefix(Self.referrersPrefix) else { return nil }
        return Digest(hex: description.dropFirst(Self.referrersPrefix.count))
    }

    private static let referrersPrefix = "sha256-"
}
