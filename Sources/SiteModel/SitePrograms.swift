// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The programs that a site's medium has for people who can't install regstatic, stored as an
/// annotation in the site's `index.json`.
///
/// The programs and a short README.txt are files beside the served ones; web servers don't answer
/// with them.
package struct SitePrograms: Hashable, Sendable {
    private var digests: [Machine: Digest] = [:]

    package init() {}

    /// The folder of the programs.
    package static let folder = "program"
    /// The text that says how to use them; only a site with programs has it.
    package static let guide = "README.txt"
    /// The first line of every guide; regstatic never replaces or removes another README.txt.
    package static let guideMark = "Container images on this medium, and the program regstatic"

    package var isEmpty: Bool { digests.isEmpty }
    package var machines: [Machine] { digests.keys.sorted() }

    package subscript(_ machine: Machine) -> Digest? {
        get { digests[machine] }
        set { digests[machine] = newValue }
    }

    package static func path(_ machine: Machine) -> String { "\(folder)/\(machine.programName)" }

    /// Path → digest.
    package var files: [String: Digest] {
        digests.reduce(into: [:]) { $0[Self.path($1.key)] = $1.value }
    }

    /// Whether a path is that of a file which only sites with programs have.
    package static func has(_ path: String) -> Bool {
        path == guide || path.hasPrefix("\(folder)/")
    }
}

// The annotation has a word for each program: `amd64=sha256:HEX`.
extension SitePrograms {
    private static let key = "regstatic.programs"

    /// Reads the annotations of an `index.json`; ignores other annotations and invalid words.
    package init(annotations: [JSON.Member]) {
        let text = annotations.first { $0.key == Self.key }?.value.string ?? ""
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let machine = Machine(rawValue: parts[0]) else { continue }
            digests[machine] = Digest(parts[1])
        }
    }

    package var annotations: [JSON.Member] {
        let words = digests.sorted { $0.key < $1.key }.map { "\($0.key.rawValue)=\($0.value)" }
        return words.isEmpty
            ? [] : [JSON.Member(Self.key, .string(words.joined(separator: " ")))]
    }
}
