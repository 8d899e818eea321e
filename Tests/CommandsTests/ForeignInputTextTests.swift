// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Inputs
import Testing

@testable import Commands

/// What the user reads of an input that regstatic recognizes, but can't read: its kind, and a
/// command.
@Suite struct ForeignInputTextTests {
    /// There is no file that could be copied again.
    @Test func emptyStandardInput() {
        let error = SourceError(input: "-", image: nil, fault: .foreign(.emptyFile))
        let lines = ErrorText(error).lines
        #expect(lines.contains("standard input: no bytes arrived"), "\(lines)")
        #expect(lines.contains("in front of the pipe"), "\(lines)")
    }

    static let kinds: [(ForeignInput, [String])] = [
        (.emptyFile, ["empty", "docker save"]), (.zip, ["zip", "unzip FILE"]),
        (.rar, ["RAR", "unrar x"]), (.sevenZip, ["7z", "7z x"]),
        (.disc, ["ISO 9660", "7z x FILE", "mount -o loop,ro FILE /mnt;", "7z x FILE -oFOLDER"]),
        (
            .singularity,
            [
                "SIF", "docker save", "apptainer build --sandbox FOLDER FILE",
                "docker save NAME:TAG -o NEW.tar",
            ]
        ),
        (
            .compressed(.singularity, outer: "gzip"),
            ["gzip -dc FILE > NEW.sif; apptainer build --sandbox FOLDER NEW.sif;"]
        ),
        (
            .compressed(.script, outer: "gzip"),
            ["gzip -dc FILE > NEW.", "chmod +x NEW; ./NEW | regstatic build -"]
        ),
        (
            .compressed(.zip, outer: "gzip"),
            ["zip file", "compressed with gzip", "gzip -dc FILE > NEW.", "unzip NEW"]
        ),
        (.script, ["script", "streamLayeredImage", "./FILE | regstatic build - -o"]),
        (.webPage, ["HTML", "browser"]), (.utf16, ["PowerShell", "-o FILE"]),
        (.lfsPointer, ["Git LFS", "git lfs pull"]),
        (.text(firstLine: "Error: 404"), ["\"Error: 404\"", "Read the text"]),
        (.compressedTwice(outer: "zstd"), ["twice", "zstd -dc FILE | regstatic build - -o"]),
        (.emptyFolder, ["folder contains no files", "mounted"]),
        (.emptyArchive, ["archive contains no files", "Copy it again"]),
        (.helmChart, ["Helm", "helm template", "docker save"]),
        (.skopeoFolder, ["dir:", "skopeo copy --all dir:FOLDER oci-archive:FILE.tar:NAME:TAG"]),
        (.imgpkgArchive, ["imgpkg", "imgpkg copy --tar FILE --to-repo"]),
        (.imgpkgBundle, ["imgpkg", "imgpkg copy -b"]), (.zarfPackage, ["Zarf", "images/"]),
        (.ollamaModels, ["ollama", "OLLAMA_MODELS"]),
        (.containerdStore, ["containerd", "ctr -n", "images export"]),
        (.engineData(.docker), ["Docker", "docker save"]),
        (.engineData(.podman), ["podman", "podman --root FOLDER save"]),
        (.registryDatabase, ["GitLab", "skopeo copy --all docker://"]),
        (.beforeContentAddressing, ["1.10", "Load it", "docker load"]),
        (.fileSystem, ["docker export", "docker save", "docker import"]),
        (.archives(example: "a/b.tar"), ["a/b.tar", "FOLDER/*.tar"]),
        (.layoutWithoutIndex, ["OCI layout", "index.json"]),
        (.otherDocument("manifest.json"), ["manifest.json", "application", "docker save"]),
    ]

    @Test(arguments: kinds.indices) func says(_ index: Int) throws {
        let (kind, parts) = Self.kinds[index]
        let text = ErrorText(SourceError(input: "x", image: nil, fault: .foreign(kind)))
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(!text.what.hasSuffix("."), "\(text.what)")
        let remedy = try #require(text.remedy)
        #expect(remedy.hasSuffix(".") || remedy.contains(": "), "\(remedy)")
        // The bytes are as they should be: another copy wouldn't help, and nobody cheated.
        for words in ["opy the archive again", "trust this archive"] {
            #expect(!text.lines.contains(words), "\(text.lines)")
        }
    }
}
