// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What an image runs on.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions>
package struct Platform: Hashable, Sendable {
    package let os: String
    package let architecture: String
    package let variant: String?
    package let osVersion: String?

    package init(os: String, architecture: String, variant: String?, osVersion: String?) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.osVersion = osVersion
    }

    /// The view of an object with these keys: a descriptor's `platform`, or an image config.
    package init?(_ json: JSON) {
        guard let os = json["os"]?.string, let architecture = json["architecture"]?.string,
            !os.isEmpty, !architecture.isEmpty
        else { return nil }
        self.init(
            os: os,
            architecture: architecture,
            variant: json["variant"]?.string,
            osVersion: json["os.version"]?.string
        )
    }

    /// The platform that BuildKit gives to attestations: not one that runs anywhere.
    package var isUnknown: Bool { os == "unknown" && architecture == "unknown" }

    package var json: JSON {
        .object([
            "architecture": .string(architecture), "os": .string(os),
            "os.version": osVersion.map(JSON.string), "variant": variant.map(JSON.string),
        ])
    }
}

extension Platform: CustomStringConvertible {
    package var description: String {
        [os, architecture, variant, osVersion].compactMap { $0 }.joined(separator: "/")
    }
}

extension Platform: Comparable {
    package static func < (left: Platform, right: Platform) -> Bool {
        left.description < right.description
    }
}
