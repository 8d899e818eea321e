// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// An input that regstatic recognizes, but can't read images from.
///
/// Users get such inputs often, so the error names the input's kind and a command that helps.
package enum ForeignInput: Hashable, Sendable {
    // Recognized by the first bytes.

    case emptyFile
    case zip, rar, sevenZip
    /// An ISO 9660 image, such as that of a CD.
    case disc
    /// An image of Singularity or Apptainer.
    case singularity
    /// A script that writes an archive when it runs, such as the result of nix's
    /// `streamLayeredImage`.
    case script
    /// HTML, usually the answer to a failed download.
    case webPage
    /// UTF-16 text, into which Windows PowerShell converts redirected output.
    case utf16
    /// The text that Git stores in place of a large file.
    case lfsPointer
    /// Any other text, by its first line.
    case text(firstLine: String)
    /// An archive that was compressed twice; `outer` is the name of the program that compressed it
    /// last.
    case compressedTwice(outer: String)
    /// Another kind of file in a compression, which `outer` names.
    indirect case compressed(ForeignInput, outer: String)

    // Recognized by the names of files.

    /// A folder without files.
    case emptyFolder
    /// An archive without files, such as one that consists of zeros.
    case emptyArchive
    /// A folder that `skopeo copy … dir:` or `podman save --format docker-dir` wrote.
    case skopeoFolder
    /// A tar that `imgpkg copy --to-tar` or `kbld package` wrote.
    case imgpkgArchive
    /// The content of an imgpkg bundle, which only lists images.
    case imgpkgBundle
    /// A Zarf package without images.
    case zarfPackage
    /// A Helm chart, which only names images.
    case helmChart
    /// The models of ollama.
    case ollamaModels
    /// containerd's content store.
    case containerdStore
    /// The data of an engine that stores images unpacked.
    case engineData(Engine)
    /// The data of a registry that stores its tags and manifests in a database.
    case registryDatabase
    /// An archive of Docker before 1.10, which identified layers by random IDs, not digests.
    case beforeContentAddressing
    /// The files of a container or layer, such as `docker export` writes.
    case fileSystem
    /// An archive or folder that contains archives; `example` is one of them.
    case archives(example: String)
    /// The blobs of an OCI layout, without the list of its images.
    case layoutWithoutIndex
    /// A `manifest.json` or `index.json` that an application uses for something else.
    case otherDocument(String)

    package enum Engine: Hashable, Sendable { case docker, podman }
}
