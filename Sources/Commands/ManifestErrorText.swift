// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

// Why a document is not a manifest that clients can pull.
extension ErrorText {
    static func remedy(_ error: ManifestError) -> String? {
        switch error {
        case .algorithm: "Make the image with SHA-256 digests, which are the default of all tools."
        case .foreign(let kind): ErrorText(kind, "it").remedy
        case .kind, .fields, .field: saveAgain
        }
    }

    static func reason(_ error: ManifestError) -> String {
        switch error {
        case .kind(let claimed, let found): "it is listed as \(claimed), but its type is \(found)"
        case .fields(let claimed, let found):
            "it is listed as \(claimed), but it has \(text(found))"
        case .field(let name): "\(name) is missing or invalid"
        case .algorithm(let field, let digest):
            "\(field) has the digest \(digest.prefix(24))…, but regstatic serves only sha256"
        case .foreign(let kind): ErrorText(kind, "it").what
        }
    }

    private static func text(_ fields: ManifestError.Fields) -> String {
        switch fields {
        case .image: "the fields of an image"
        case .index: "the fields of an index"
        case .both: "the fields of an image and of an index"
        case .neither: "neither the fields of an image nor those of an index"
        }
    }
}
