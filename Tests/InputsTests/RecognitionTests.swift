// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

@testable import Inputs

/// Inputs that regstatic can't read are recognized by their first bytes, or by their names.
@Suite struct RecognitionTests {
    private static let hex = Digest(of: [1]).hex
    private static let other = Digest(of: [2]).hex

    @Test(arguments: [
        ("", ForeignInput.emptyFile), ("PK\u{3}\u{4}\u{14}", .zip), ("PK\u{5}\u{6}", .zip),
        ("Rar!\u{1A}\u{7}\u{1}", .rar), ("#!/usr/bin/env bash\n", .script),
        ("<!DOCTYPE html>\n<html>", .webPage), ("\n  <HTML lang=en>", .webPage),
        ("\u{FEFF}<html>", .webPage),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", .lfsPointer),
        ("Error: no such image\nx", .text(firstLine: "Error: no such image")),
        (#"{"errors":[]}"#, .text(firstLine: #"{"errors":[]}"#)),
    ])
    func firstBytes(_ start: String, _ kind: ForeignInput) {
        #expect(ForeignInput(firstBytes: Array(start.utf8)) == kind)
    }

    @Test func firstBytesThatAreNoText() {
        let kinds: [([UInt8], ForeignInput?)] = [
            ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], .sevenZip),
            ([0xFF, 0xFE, 0x62, 0], .utf16), ([0xFE, 0xFF, 0, 0x62], .utf16),
            ([0x04, 0x22, 0x4D, 0x18], nil), ([0x7F, 0x45, 0x4C, 0x46], nil),
        ]
        for (bytes, kind) in kinds { #expect(ForeignInput(firstBytes: bytes) == kind) }
    }

    @Test func aFirstLineIsShort() {
        let long = Array(String(repeating: "H4sIA", count: 100).utf8)
        guard case .text(let line)? = ForeignInput(firstBytes: long) else {
            Issue.record("a text")
            return
        }
        #expect(line.count == 80)
    }

    private static let named: [(names: [String], kind: ForeignInput?)] = [
        (["manifest.json", "version", hex], .skopeoFolder),
        ([".imgpkg/images.yml", "config/app.yml"], .imgpkgBundle),
        (["io.containerd.content.v1.content/blobs/sha256/\(hex)"], .containerdStore),
        (["blobs/sha256/\(hex)", "ingest/x/data"], .containerdStore),
        (["image/overlay2/repositories.json", "overlay2/l/X"], .engineData(.docker)),
        (["overlay-images/images.json", "overlay-layers/layers.json"], .engineData(.podman)),
        (
            ["docker/registry/lockfiles/database-in-use", "docker/registry/v2/x"],
            .registryDatabase
        ),
        (["bin/sh", "etc/passwd"], .fileSystem),
        ([".dockerenv", "app"], .fileSystem),
        (["bin/sh", "etc/passwd", "manifest.json"], .fileSystem),
        (["config.json", "rootfs/bin/sh", "rootfs/lib/x.so"], .fileSystem),
        (["vfs-images/images.json", "vfs-layers/layers.json"], .engineData(.podman)),
        (["zarf.yaml", "checksums.txt", "components/a.tar"], .zarfPackage),
        (["Chart.yaml", "values.yaml", "charts/redis.tgz"], .helmChart),
        (["Chart.yaml", "images/app.tar"], .archives(example: "images/app.tar")),
        (["manifests/registry.ollama.ai/library/tiny/1b"], .ollamaModels),
        (["models/manifests/registry.ollama.ai/a/b/c", "history"], .ollamaModels),
        (["blobs/sha256-\(hex)"], .ollamaModels),
        (["repositories", "\(hex)/json"], .beforeContentAddressing),
        (["\(hex)/json", "\(hex)/layer.tar", "\(hex)/VERSION"], .beforeContentAddressing),
        (["oci-layout", "blobs/sha256/\(hex)"], .layoutWithoutIndex),
        (["readme.txt", "images/app.tar.gz"], .archives(example: "images/app.tar.gz")),
        (["\(hex).tar", "\(other).json"], nil), (["readme.txt"], nil), ([], nil),
    ]

    @Test(arguments: named.indices, ["", "some/folder/"])
    func names(_ index: Int, _ around: String) {
        let (names, kind) = Self.named[index]
        var expected = kind
        if case .archives(let example)? = kind { expected = .archives(example: around + example) }
        let found = Recognition.kind(of: names.map { around + $0 }) { _ in nil }
        #expect(found == expected)
    }

    @Test(arguments: [
        (#"{"schemaVersion":1,"fsLayers":[]}"#, ForeignInput.skopeoFolder),
        (#"{"schemaVersion":2,"manifests":[]}"#, .skopeoFolder),
        (#"[{"Image":{"Refs":[]},"ImageIndex":null}]"#, .imgpkgArchive),
        (#"{"name":"app","version":"1"}"#, .otherDocument("manifest.json")),
        (#"[{"src":"/icon.png"}]"#, .otherDocument("manifest.json")),
        (#"[{"RepoTags":["a:1"]}]"#, nil), ("[]", nil), ("null", nil),
    ])
    func lists(_ text: String, _ kind: ForeignInput?) throws {
        let json = try JSON(parsing: Array(text.utf8))
        for around in ["", "folder/"] {
            let names = ["manifest.json", Self.hex].map { around + $0 }
            let found = Recognition.kind(of: names) { $0 == names[0] ? json : nil }
            #expect(found == kind)
        }
    }
}
