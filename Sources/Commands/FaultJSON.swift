// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Site
internal import SiteModel
internal import Store

extension SiteFault {
    /// A fault in `verify --json`.
    ///
    /// `kind` determines which other keys are present: `path` (relative to the site's folder),
    /// `digest` (of a blob or manifest), `neededBy`, `images` (all that need it), `expected` and
    /// `found` (digests, or sizes in bytes).
    func json(in report: SiteVerifier.Report) -> JSON {
        let images = report.images(of: self)
        let details: JSONDetails =
            switch self {
            case .blob(let path, let fault): fault.details(path: path)
            case .content(let digest, _, let fault): fault.details(path: digest.blobPath)
            case .manifest(let digest, _, _): ("manifest", digest.blobPath, nil, nil)
            case .tree(let path, let isMissing): (isMissing ? "missing" : "file", path, nil, nil)
            case .foreign(let path): ("foreign", path, nil, nil)
            case .link(let path): ("link", path, nil, nil)
            case .unreadable(let path, _): ("unreadable", path, nil, nil)
            case .noBlobs: ("missing", Digest.blobFolder, nil, nil)
            }
        return .object([
            "kind": .string(details.kind), "path": .string(details.path),
            "digest": digests.subject.map { .string($0.description) },
            "neededBy": digests.owner.map { .string($0.description) },
            "images": hasImages(images) ? .array(images.map(JSON.string)) : nil,
            "expected": details.expected,
            "found": details.found,
            "message": .string(VerifyCommand.text(self, in: report)),
        ])
    }

    /// Whether images may need what is damaged; it may also be a blob that none of them needs.
    private func hasImages(_ images: [String]) -> Bool {
        if case .manifest = self { true } else { subject != nil || !images.isEmpty }
    }

    private var digests: (subject: Digest?, owner: Digest?) {
        switch self {
        case .manifest(let digest, _, _): (digest, nil)
        case .content(let digest, let manifest, _): (digest, manifest)
        case .blob(let path, _):
            (path.split(separator: "/").last.flatMap { Digest(hex: $0) }, nil)
        case .tree, .foreign, .link, .unreadable, .noBlobs: (nil, nil)
        }
    }
}

private typealias JSONDetails = (kind: String, path: String, expected: JSON?, found: JSON?)

extension SiteFault.BlobFault {
    fileprivate func details(path: String) -> JSONDetails {
        switch self {
        case .missing: ("missing", path, nil, nil)
        case .mismatch(let found):
            (
                "digest", path,
                path.split(separator: "/").last.map { .string("sha256:\($0)") },
                .string(found.description)
            )
        case .size(let expected, let found): ("size", path, .integer(expected), .integer(found))
        case .notADigest: ("name", path, nil, nil)
        case .unreadable: ("unreadable", path, nil, nil)
        }
    }
}
