// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

private let digest = "sha256:" + String(repeating: "a", count: 64)
private let other = "sha256:" + String(repeating: "b", count: 64)
private let descriptor = #"{"mediaType":"a/b","digest":"\#(digest)","size":1}"#

private func manifest(_ text: String, _ kind: ManifestKind) throws -> Manifest {
    try Manifest(try RawDocument(Array(text.utf8)), claimed: kind.mediaType)
}

/// A minimal document of a kind, optionally with another kind's body.
private func text(_ kind: ManifestKind, body: ManifestKind? = nil, named: Bool = true) -> String {
    let type = named ? #""mediaType":"\#(kind.mediaType)","# : ""
    let content =
        (body ?? kind).isIndex
        ? #""manifests":[\#(descriptor)]"# : #""config":\#(descriptor),"layers":[\#(descriptor)]"#
    return #"{"schemaVersion":2,\#(type)\#(content)}"#
}

private let pairs = ManifestKind.allCases.flatMap { left in
    ManifestKind.allCases.map { (left, $0) }
}

@Suite struct ManifestTests {
    @Test(arguments: ManifestKind.allCases)
    func readsItsKind(_ kind: ManifestKind) throws {
        let manifest = try manifest(text(kind), kind)
        #expect(manifest.kind == kind)
        #expect(manifest.manifests.count == (kind.isIndex ? 1 : 0))
        #expect(manifest.blobs.count == (kind.isIndex ? 0 : 1))
    }

    @Test(arguments: pairs.filter { $0.0 != $0.1 })
    func refusesAnotherKindThanClaimed(_ written: ManifestKind, _ claimed: ManifestKind) {
        #expect(throws: ManifestError.self) { try manifest(text(written), claimed) }
    }

    @Test(arguments: pairs.filter { $0.0.isIndex != $0.1.isIndex })
    func refusesTheBodyOfAnotherKind(_ kind: ManifestKind, _ body: ManifestKind) {
        #expect(throws: ManifestError.self) { try manifest(text(kind, body: body), kind) }
        #expect(throws: ManifestError.self) {
            try manifest(text(kind, body: body, named: false), kind)
        }
    }

    /// Docker's kinds require `mediaType`; OCI's allow its absence.
    @Test func namesOfKindsMayBeAbsentInOCIOnly() throws {
        #expect(try manifest(text(.ociManifest, named: false), .ociManifest).kind == .ociManifest)
        #expect(try manifest(text(.ociIndex, named: false), .ociIndex).kind == .ociIndex)
        for kind in [ManifestKind.dockerManifest, .dockerList] {
            #expect(throws: ManifestError.self) { try manifest(text(kind, named: false), kind) }
        }
    }

    @Test func refusesADocumentThatIsBoth() {
        let both =
            #"{"schemaVersion":2,"config":\#(descriptor),"layers":[],"manifests":[\#(descriptor)]}"#
        for kind in [ManifestKind.ociManifest, .ociIndex] {
            let error = ManifestError.fields(claimed: "\(kind.mediaType)", found: .both)
            #expect(throws: error) { try manifest(both, kind) }
        }
    }

    @Test func refusesOtherTypes() throws {
        let document = try RawDocument(Array(text(.ociManifest, named: false).utf8))
        #expect(throws: ManifestError.self) { try Manifest(document, claimed: .ociConfig) }
    }

    @Test(arguments: [
        ("{}", ManifestKind.ociManifest), ("[]", .ociManifest), ("null", .ociIndex),
        (#"{"layers":[]}"#, .ociManifest),
        (#"{"config":\#(descriptor),"layers":{}}"#, .ociManifest),
        (#"{"config":null,"layers":[]}"#, .ociManifest),
        (#"{"config":{},"layers":[]}"#, .ociManifest),
        (#"{"config":\#(descriptor),"layers":[{}]}"#, .ociManifest),
        (#"{"manifests":{}}"#, .ociIndex), (#"{"manifests":[null]}"#, .ociIndex),
    ])
    func refuses(_ text: String, _ kind: ManifestKind) {
        #expect(throws: ManifestError.self) { try manifest(text, kind) }
    }

    /// Go's decoders read both as an empty list.
    @Test(arguments: [
        #"{"config":\#(descriptor)}"#, #"{"config":\#(descriptor),"layers":null}"#,
    ])
    func acceptsNoLayers(_ text: String) throws {
        #expect(try manifest(text, .ociManifest).blobs.count == 1)
    }

    @Test func otherAlgorithmsAreNamed() {
        let digest = "sha512:" + String(repeating: "a", count: 128)
        let layer = #"{"mediaType":"a/b","digest":"\#(digest)","size":1}"#
        #expect(throws: ManifestError.algorithm(field: "layers[1]", digest: digest)) {
            try manifest(
                #"{"config":\#(descriptor),"layers":[\#(descriptor),\#(layer)]}"#,
                .ociManifest
            )
        }
        #expect(throws: ManifestError.algorithm(field: "config", digest: digest)) {
            try manifest(#"{"config":\#(layer)}"#, .ociManifest)
        }
    }

    /// Go's clients read `null` as an empty list.
    @Test func nullIsAnEmptyList() throws {
        let image = try manifest(#"{"config":\#(descriptor),"layers":null}"#, .ociManifest)
        #expect(image.blobs.map(\.digest.description) == [digest])
        #expect(try manifest(#"{"manifests":null}"#, .ociIndex).manifests == [])
        // containerd refuses a key of the other kind, whatever its value.
        for key in ["config", "layers"] {
            #expect(throws: ManifestError.self) {
                try manifest(#"{"manifests":[],"\#(key)":null}"#, .ociIndex)
            }
        }
    }

    @Test func faultsNameTheirPlace() {
        #expect(throws: ManifestError.field("layers[1]")) {
            try manifest(
                #"{"config":\#(descriptor),"layers":[\#(descriptor),{}]}"#,
                .ociManifest
            )
        }
    }

    @Test func blobsAreNamedOnceInOrder() throws {
        let second = #"{"mediaType":"a/b","digest":"\#(other)","size":1}"#
        let layers = [second, descriptor, second].joined(separator: ",")
        let manifest = try manifest(
            #"{"config":\#(descriptor),"layers":[\#(layers)],"subject":\#(second),"#
                + #""artifactType":"x/y","annotations":{"k":"v"}}"#,
            .ociManifest
        )
        #expect(manifest.blobs.map(\.digest.description) == [digest, other])
        #expect(manifest.subject?.description == other)
        #expect(manifest.artifactType == "x/y")
        #expect(manifest.annotations == [.init("k", .string("v"))])
    }

    @Test func writesWhatItReads() throws {
        let layer = try #require(Descriptor(try JSON(parsing: Array(descriptor.utf8))))
        for kind in [ManifestKind.ociManifest, .dockerManifest] {
            let document = Manifest.image(kind, config: layer, layers: [layer, layer])
            let manifest = try Manifest(document, claimed: kind.mediaType)
            guard case .image(_, let layers) = manifest.content else {
                Issue.record("an image became an index")
                continue
            }
            #expect(layers == [layer, layer])
        }
        let index = Manifest.index([layer])
        #expect(try Manifest(index, claimed: ManifestKind.ociIndex.mediaType).manifests == [layer])
    }
}
