// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// One member of a tar that a test makes.
///
/// Names and targets are written as they are: also those that no honest archive holds.
package struct TarMember: Sendable {
    package enum Kind: Sendable {
        case file([UInt8])
        case folder
        case symbolicLink(String)
        case hardLink(String)
        /// Character and block devices, pipes: a type flag and nothing else.
        case special(typeFlag: UInt8)
    }

    package var name: String
    /// Bytes that follow the name or the target, and need not be UTF-8.
    package var (rawEnd, rawTargetEnd): ([UInt8], [UInt8]) = ([], [])
    package var kind: Kind
    package var mode = 0o644
    package var modified = 0
    package var owner = 0
    /// Writes the size in base 256, as GNU tar does for files beyond 8 GiB.
    package var hasBinarySize = false
    /// Claims another size than the content has.
    package var claimedSize: Int?
    /// Records of an extended header before the member, in this order.
    package var pax: [(key: String, value: String)] = []

    package init(_ name: String, _ kind: Kind, mode: Int = 0o644, modified: Int = 0) {
        self.name = name
        self.kind = kind
        self.mode = mode
        self.modified = modified
    }

    package static func file(_ name: String, _ bytes: [UInt8]) -> TarMember {
        TarMember(name, .file(bytes))
    }

    package static func file(_ name: String, _ text: String) -> TarMember {
        TarMember(name, .file(Array(text.utf8)))
    }

    package static func folder(_ name: String) -> TarMember {
        TarMember(name, .folder, mode: 0o755)
    }

    package static func symbolicLink(_ name: String, to target: String) -> TarMember {
        TarMember(name, .symbolicLink(target), mode: 0o777)
    }

    package static func hardLink(_ name: String, to target: String) -> TarMember {
        TarMember(name, .hardLink(target))
    }

    package static func characterDevice(_ name: String) -> TarMember {
        TarMember(name, .special(typeFlag: UInt8(ascii: "3")))
    }

    package static func blockDevice(_ name: String) -> TarMember {
        TarMember(name, .special(typeFlag: UInt8(ascii: "4")))
    }

    package static func pipe(_ name: String) -> TarMember {
        TarMember(name, .special(typeFlag: UInt8(ascii: "6")))
    }

    /// The same member, changed: `.file("a", "b").with { $0.mode = 0o600 }`.
    package func with(_ change: (inout TarMember) -> Void) -> TarMember {
        var copy = self
        change(&copy)
        return copy
    }
}

extension TarMember {
    /// The same member with a folder around everything, as `tar cf x.tar x` writes it.
    package func wrapped(in folder: String) -> TarMember {
        with {
            $0.name = "\(folder)/\(name)"
            if case .hardLink(let target) = kind { $0.kind = .hardLink("\(folder)/\(target)") }
        }
    }
}

extension TarMember {
    var typeFlag: UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .folder: UInt8(ascii: "5")
        case .special(let flag): flag
        }
    }

    package var content: [UInt8] {
        if case .file(let bytes) = kind { bytes } else { [] }
    }

    var target: String {
        switch kind {
        case .symbolicLink(let target), .hardLink(let target): target
        default: ""
        }
    }
}

extension TarMember {
    /// The content; nil unless it is a file.
    package var fileContent: [UInt8]? {
        if case .file(let bytes) = kind { bytes } else { nil }
    }
}
