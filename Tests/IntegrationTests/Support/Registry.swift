// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI

/// What tests ask of a served registry as a client does, by digest, checking every byte.
struct Registry {
    private let client: HTTPClient
    /// Whether the server names the digest of what a tag leads to.
    private let namesTags: Bool

    init(_ client: HTTPClient, namesTags: Bool = true) {
        self.client = client
        self.namesTags = namesTags
    }

    /// Fetches what a tag names with everything below it.
    ///
    /// - Returns: the manifest's digest.
    /// - Throws: `Missing` on the first thing that isn't as it has to be.
    @discardableResult
    func fetchAll(_ name: String, _ tag: String) throws -> Digest {
        let answer = try client.get("/v2/\(name)/manifests/\(tag)")
        let text = namesTags ? answer["docker-content-digest"] : answer.digest
        guard let text, let digest = Digest(text) else {
            throw Missing(description: "\(name):\(tag): \(answer.status), no digest in the header")
        }
        try check(answer, digest, "\(name):\(tag)")
        try fetchBelow(name, answer)
        return digest
    }

    private func fetchBelow(_ name: String, _ answer: Response) throws {
        let document = try RawDocument(answer.body)
        guard let type = answer["content-type"].flatMap(MediaType.init) else {
            throw Missing(description: "\(name): a manifest without a type")
        }
        // Throws if the type in the header isn't the one in the body.
        let manifest = try Manifest(document, claimed: type)
        for child in manifest.manifests {
            let answer = try client.get("/v2/\(name)/manifests/\(child.digest)")
            try check(answer, child.digest, name)
            try fetchBelow(name, answer)
        }
        for blob in manifest.blobs {
            try check(client.get("/v2/\(name)/blobs/\(blob.digest)"), blob.digest, name)
        }
    }

    private func check(_ answer: Response, _ digest: Digest, _ what: String) throws {
        guard answer.status == 200 else {
            throw Missing(description: "\(what): \(digest) answers \(answer.status)")
        }
        guard answer.digest == digest.description else {
            throw Missing(description: "\(what): \(digest) has the bytes of \(answer.digest)")
        }
    }
}
