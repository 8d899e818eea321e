// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteModel
import SiteTestSupport
import Inputs
import TestSupport
import Testing

/// Entries of index.json and manifest.json: a bad one never costs a good one.
@Suite struct EntryTests {
    let good = SyntheticImage.small
    let other = SyntheticImage(layers: [SyntheticImage.layer("c", "three")])

    private func manifest(_ image: SyntheticImage) -> [UInt8] {
        image.ociManifest(packing: { Packed.gzip($0) }, suffix: "+gzip")
    }

    private func blobs(_ image: SyntheticImage) -> [TarMember] {
        image.layoutBlobs(packing: { Packed.gzip($0) }, suffix: "+gzip")
    }

    /// A layout of the good image, and of an entry that is given as JSON.
    private func layout(_ entry: String) -> [TarMember] {
        let descriptor = SyntheticImage.descriptor(manifest(good), .ociManifest, name: "t/good:1")
        let list = "[\(String(decoding: descriptor.json.canonicalBytes, as: UTF8.self)),\(entry)]"
        return blobs(good) + blobs(other) + [
            .file("index.json", #"{"schemaVersion":2,"manifests":\#(list)}"#),
            SyntheticImage.layoutMark,
        ]
    }

    private func entry(name: String, digest: String? = nil) -> String {
        let document = manifest(other)
        let digest = digest ?? Digest(of: document).description
        return #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(digest)","#
            + #""size":\#(document.count),"annotations":{"org.opencontainers.image.ref.name":"\#(name)"}}"#
    }

    @Test(arguments: ["v1.0+build.5", "Team/App:1", "a b", "t//a:1", "t/a:-1", "café"])
    func aBadNameCostsOnlyItsImage(_ name: String) throws {
        for throughPipe in [false, true] {
            let reading = try Reading(layout(entry(name: name)), throughPipe: throughPipe)
            #expect(reading.images.map(\.names.first?.label) == ["docker.io/t/good:1"])
            #expect(reading.faults.count == 1)
        }
    }

    @Test func otherAlgorithmsCostOnlyTheirImage() throws {
        for digest in ["sha512:" + String(repeating: "b", count: 128), "blake3:00", "sha384:ab"] {
            let reading = try Reading(layout(entry(name: "x", digest: digest)))
            #expect(reading.images.count == 1)
            #expect(reading.outcome.errors.map(\.image) == ["x"])
            guard case .manifest(.algorithm(_, digest), _) = reading.faults.first else {
                Issue.record("\(reading.faults)")
                continue
            }
        }
    }

    /// The error names the image, not only its tag.
    @Test func theWholeNameOfABadEntry() throws {
        let names =
            #"{"\#(AnnotationKey.refName)":"1","\#(AnnotationKey.containerdName)":"t/b:1"}"#
        let entry =
            #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha512:00","#
            + #""size":1,"annotations":\#(names)}"#
        let reading = try Reading(layout(entry))
        #expect(reading.outcome.errors.map(\.image) == ["t/b:1"])
    }

    @Test(arguments: ["7", "null", "{}", "[]", #"{"digest":5}"#])
    func entriesThatAreNone(_ entry: String) throws {
        let reading = try Reading(layout(entry))
        #expect(reading.images.count == 1 && reading.faults.count == 1)
    }

    /// A reference by digest is a name without a tag.
    @Test func namesByDigest() throws {
        let digest = Digest(of: manifest(other))
        for name in ["t/other@\(digest)", "quay.io/t/other@\(digest)"] {
            let reading = try Reading(layout(entry(name: name)))
            #expect(reading.faults.isEmpty)
            let image = try #require(reading.images.last)
            guard case .reference(let reference) = image.names.first else {
                Issue.record("no reference")
                continue
            }
            #expect(reference.tag == nil && reference.digest == digest)
        }
        let archive = try Reading(good.dockerArchive(["t/a@\(digest)", "t/b:1"]))
        #expect(archive.faults.isEmpty && archive.images.first?.names.count == 2)
    }

    /// Engines write the image's ID where an image has no name.
    @Test func imageIDsAreNoNames() throws {
        let hex = good.configDigest.hex
        for name in [hex, "sha256:\(hex)", "<none>:<none>", ""] {
            let archive = try Reading(good.dockerArchive([name]))
            #expect(archive.faults.isEmpty && archive.images.first?.names == [])
            let layout = try Reading(layout(entry(name: name)))
            #expect(layout.faults.isEmpty && layout.images.last?.names == [])
        }
    }

    @Test func aBadNameBesideAGoodOne() throws {
        let reading = try Reading(good.dockerArchive(["Team/App:1", "t/a:1", "t/b:+"]))
        #expect(reading.images.first?.names.map(\.label) == ["docker.io/t/a:1"])
        #expect(
            reading.faults.map { "\($0)" } == [
                "invalidName(\"Team/App:1\")", "invalidName(\"t/b:+\")",
            ]
        )
    }

    @Test(arguments: [
        #"{}"#, #"{"Config":5}"#, "null", #"{"Config":"x","Layers":[1]}"#,
        #"{"Config":"x","Layers":{},"RepoTags":["t/bad:1"]}"#,
        #"{"Config":"x","RepoTags":"t/a:1"}"#,
    ])
    func badEntriesOfManifestJSON(_ bad: String) throws {
        var members = good.dockerArchive(["t/good:1"])
        guard case .file(let list)? = members.last?.kind else { return }
        let text = String(decoding: list, as: UTF8.self)
        members[members.count - 1] = .file("manifest.json", "[\(bad),\(text.dropFirst())")
        let reading = try Reading(members)
        #expect(reading.images.map(\.names.first?.label) == ["docker.io/t/good:1"])
        #expect(reading.faults.count == 1)
    }
}
