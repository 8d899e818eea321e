// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import Site

extension PinResult {
    /// The reason why the site can or can't serve a pin, and a remedy.
    var reason: String {
        switch verdict {
        case .served: "served"
        case .elsewhere(let names):
            "the site has this digest as \(names[0]); use that name, or build with --keep-host or"
                + " --prefix"
        case .notCarried:
            "an index in the site lists this digest, but the archive lacked that platform; save all"
                + " platforms"
        case .madeHere(let digest):
            "the archive lacked the registry's manifest, so regstatic made one, with the digest \(digest); save the"
                + " image with a tool that keeps manifests (containerd store, skopeo copy to oci-archive:)"
        case .different(let digest):
            "the site has another image for this name, with the digest \(digest)"
        case .absent: "the site has no image of that name"
        }
    }

    /// The verdict in the JSON output.
    private var word: String {
        switch verdict {
        case .served: "served"
        case .elsewhere: "elsewhere"
        case .notCarried: "missing"
        case .madeHere: "made"
        case .different: "different"
        case .absent: "absent"
        }
    }

    var json: JSON {
        .object([
            "pin": .string(pin.reference.description), "name": .string(name),
            "verdict": .string(word), "reason": .string(reason),
        ])
    }
}

extension Pin {
    /// Finds the pins in files of any format; a file that is larger than a limit is an error.
    static func all(in files: [String]) throws -> [Pin] {
        try files.flatMap { all(in: try TextInput.read($0)) }
    }
}
