// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import Site
import SiteTestSupport
@testable import Inputs
import Testing

/// Images as a reader hands them over, made of nothing.
enum Sample {
    static func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }

    static func platform(_ architecture: String) -> Platform {
        Platform(os: "linux", architecture: architecture, variant: nil, osVersion: nil)
    }

    static func image(
        _ content: String,
        names: [String] = [],
        platforms: [String] = ["amd64"],
        kind: ManifestKind = .ociManifest,
        input: String? = nil,
        subject: Digest? = nil,
        missing: [Descriptor] = []
    ) throws -> SavedImage {
        SavedImage(
            root: Descriptor(mediaType: kind.mediaType, digest: digest(content), size: 100),
            names: try names.map { text in
                if text.hasPrefix(":") { return .tag(try #require(Tag(String(text.dropFirst())))) }
                return .reference(try #require(Reference(text)))
            },
            input: input ?? "\(content).tar",
            platforms: platforms.map(platform),
            isMade: false,
            subject: subject,
            missing: missing
        )
    }

    /// What a run puts into a site's list: names with what they stand for.
    static func merge(
        _ images: [SavedImage],
        into index: SiteIndex = SiteIndex(),
        policy: NamePolicy = NamePolicy(),
        given: [GivenName] = [],
        replace: Bool = false,
        children: [Digest: [Descriptor]] = [:]
    ) throws -> SiteMerge {
        let placement = try Placement(images, policy: policy, given: given, beside: index) { root in
            Set((children[root] ?? []).map(\.digest))
        }
        return try SiteMerge(placement.placed, into: index, replace: replace) {
            children[$0.digest] ?? []
        }
    }
}

extension SiteIndex {
    /// `name digest-of-what`, sorted as the list is.
    func lines(_ contents: [String]) -> [String] {
        entries.map { entry in
            let content = contents.first { Sample.digest($0) == entry.manifest.digest }
            let name = "\(entry.repository):\(entry.tag?.description ?? "-")"
            return "\(name) \(content ?? "joined")"
        }
    }
}
