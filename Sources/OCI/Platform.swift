// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The operating system and processor that an image runs on.
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

    /// Decodes a descriptor's `platform` or an image config, which use the same keys.
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

    /// Whether this is the placeholder platform that BuildKit gives to attestations.
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

extension Platform {
    /// Reads `os/architecture[/variant]`, the form that engines accept after `--platform`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            os: parts[0],
            architecture: parts[1],
            variant: parts.count > 2 ? parts[2] : nil,
            osVersion: nil
        )
    }

    /// Whether this platform matches a requested platform, which may omit the variant.
    ///
    /// `arm64` without a variant means `arm64/v8`, as in containerd.
    package func matches(_ wanted: Platform) -> Bool {
        guard os == wanted.os, architecture == wanted.architecture else { return false }
        guard let variant = wanted.variant else { return true }
        return variant == self.variant ?? (architecture == "arm64" ? "v8" : nil)
    }
}
