// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs

extension ErrorText {
    /// Describes an input that regstatic can't read, and names a command that converts it into a
    /// readable input.
    init(_ kind: ForeignInput) {
        switch kind {
        case .emptyFile:
            self.init(
                "it is empty",
                remedy:
                    "Copy the file again. If the original is empty, too, save the image again and read the"
                    + " message of that command: docker save NAME:TAG -o FILE.tar"
            )
        case .zip:
            self.init("it is a zip file", remedy: Self.unpack("unzip FILE"))
        case .rar:
            self.init("it is a RAR file", remedy: Self.unpack("unrar x FILE"))
        case .sevenZip:
            self.init("it is a 7z file", remedy: Self.unpack("7z x FILE"))
        case .disc:
            self.init(
                "it is an ISO 9660 image, the content of a CD or DVD",
                remedy:
                    "Mount it, and name the archives or the site in it: mount -o loop,ro FILE /mnt;"
                    + " regstatic build /mnt/*.tar -o SITE. Without root, unpack it: 7z x FILE"
                    + " -oFOLDER; regstatic build FOLDER/*.tar -o SITE"
            )
        case .singularity:
            self.init(
                "it is a SIF file of Singularity or Apptainer, which has the files of a container, but no"
                    + " layers",
                remedy:
                    "Save the image from which it was built: docker save NAME:TAG -o NEW.tar. If only this"
                    + " file is left, make an image of it: apptainer build --sandbox FOLDER FILE; tar -cf -"
                    + " -C FOLDER . | docker import - NAME:TAG; docker save NAME:TAG -o NEW.tar"
            )
        case .script:
            self.init(
                "it is a script, not an archive; the result of nix's streamLayeredImage is a script"
                    + " that writes an archive",
                remedy:
                    "If you trust the script, run it and pass its output to regstatic: ./FILE |"
                    + " regstatic build - -o SITE"
            )
        case .webPage:
            self.init(
                "it is a web page (HTML), not an archive; the download probably led to a login or"
                    + " error page",
                remedy:
                    "Open the file in a browser to read the message, then download the archive itself."
            )
        case .utf16:
            self.init(
                "it is UTF-16 text: Windows PowerShell changed the bytes of the archive when it"
                    + " redirected them with >",
                remedy: "Save the image again without a redirect: docker save NAME:TAG -o FILE.tar"
            )
        case .lfsPointer:
            self.init(
                "it is a Git LFS pointer, a small text in place of the real file",
                remedy: "To fetch the real files, run this in the Git repository: git lfs pull"
            )
        case .text(let line):
            self.init(
                "it is a text file, not an archive; it begins with \"\(line)\"",
                remedy:
                    "Read the text, which may be the error message of a download or a command. If"
                    + " the file is the index.json or manifest.json of a folder, use the folder"
                    + " as the input."
            )
        case .compressedTwice(let outer):
            self.init(
                "it is an archive that was compressed twice",
                remedy: "Decompress it once: \(outer) -dc FILE | regstatic build - -o SITE"
            )
        case .compressed(.singularity, let outer):
            let text = ErrorText(.singularity)
            self.init(
                "\(text.what); the file was also compressed with \(outer)",
                remedy: text.remedy?
                    .replacing(
                        "apptainer build --sandbox FOLDER FILE",
                        with:
                            "\(outer) -dc FILE > NEW.sif; apptainer build --sandbox FOLDER NEW.sif"
                    )
            )
        case .compressed(let kind, let outer):
            let text = ErrorText(kind)
            let remedy = text.remedy.map { " Then do this: \($0)" } ?? ""
            self.init(
                "\(text.what); the file was also compressed with \(outer)",
                remedy: "Decompress it first: \(outer) -dc FILE > NEW."
                    + remedy.replacing(" FILE", with: " NEW")
                    .replacing("./FILE", with: "chmod +x NEW; ./NEW")
            )
        case .emptyFolder:
            self.init(
                "the folder contains no files",
                remedy: "Check the path, and check that the medium is mounted."
            )
        case .emptyArchive:
            self.init(
                "the archive contains no files",
                remedy:
                    "Copy it again, because an interrupted copy can consist of zeros. If the original"
                    + " is empty, too, save the image again."
            )
        case .skopeoFolder:
            self.init(
                "it is a folder in the dir: format of skopeo and podman, which doesn't store the"
                    + " name of the image",
                remedy:
                    "Convert the folder, and use FILE.tar as the input: skopeo copy --all"
                    + " dir:FOLDER oci-archive:FILE.tar:NAME:TAG (if the folder is packed in a tar,"
                    + " unpack that tar first)"
            )
        case .imgpkgArchive:
            self.init(
                "it is an archive of imgpkg or kbld, which only these tools can read",
                remedy:
                    "Copy it into a registry, and build from the registry's data: imgpkg copy --tar FILE"
                    + " --to-repo localhost:5000/NAME (kbld: kbld unpackage -i FILE)"
            )
        case .imgpkgBundle:
            self.init(
                "it is the content of an imgpkg bundle, which lists images, but doesn't contain them",
                remedy:
                    "Copy the bundle with its images into a registry, and build from the registry's data:"
                    + " imgpkg copy -b BUNDLE --to-repo localhost:5000/NAME"
            )
        case .zarfPackage:
            self.init(
                "it is a Zarf package without images, because it has no folder images/",
                remedy: "Use a package with images, or save the images one by one."
            )
        case .helmChart:
            self.init(
                "it is a Helm chart, which names images, but doesn't contain them",
                remedy:
                    "Save the images that the chart names (`helm template FILE` shows them): docker save"
                    + " NAME:TAG -o FILE.tar"
            )
        case .ollamaModels:
            self.init(
                "it is the model folder of ollama; its models are not container images, and ollama"
                    + " reads them from the folder itself",
                remedy:
                    "Copy the folder to the other machine, and start ollama with OLLAMA_MODELS=FOLDER."
            )
        case .containerdStore:
            self.init(
                "it is the content store of containerd, which doesn't contain the names of images",
                remedy:
                    "Export the images on a machine where containerd runs with this data: ctr -n NAMESPACE"
                    + " images export FILE.tar NAME:TAG (Kubernetes: the namespace k8s.io)"
            )
        case .engineData(.docker):
            self.init(
                "it is the data folder of Docker, where the layers are unpacked",
                remedy:
                    "Save the images on a machine where Docker runs with this data: docker save NAME:TAG"
                    + " -o FILE.tar"
            )
        case .engineData(.podman):
            self.init(
                "it is the image store of podman, buildah or CRI-O, where the layers are unpacked",
                remedy:
                    "Save the images from it: podman --root FOLDER save NAME:TAG -o FILE.tar"
            )
        case .registryDatabase:
            self.init(
                "the registry keeps its tags and manifests in a database (GitLab's metadata"
                    + " database), so its folder has only layers and, at most, old tags",
                remedy:
                    "Copy each image from the running registry: skopeo copy --all"
                    + " docker://REGISTRY/NAME:TAG oci-archive:FILE.tar:NAME:TAG"
            )
        case .beforeContentAddressing:
            self.init(
                "the archive is older than Docker 1.10: it has no manifest.json, and IDs instead of"
                    + " digests",
                remedy:
                    "Load it into Docker 1.10 to 24, and save it again: docker load -i FILE; docker save"
                    + " NAME:TAG -o NEW.tar"
            )
        case .fileSystem:
            self.init(
                "it contains the files of a container or layer, as `docker export` writes them, not an"
                    + " image",
                remedy:
                    "Save the image: docker save NAME:TAG -o FILE.tar. If only these files are left, make"
                    + " an image of them: docker import FILE.tar NAME:TAG; docker save NAME:TAG -o NEW.tar"
                    + " (settings such as the command are lost)."
            )
        case .archives(let example):
            self.init(
                "it contains archives, such as \(example), but it is not an image itself",
                remedy:
                    "Use these archives as inputs; if they are in another archive, unpack it first:"
                    + " regstatic build FOLDER/*.tar -o SITE"
            )
        case .layoutWithoutIndex:
            self.init(
                "it has blobs, like an OCI layout or the content store of containerd, but no"
                    + " index.json, which lists the images",
                remedy:
                    "Copy index.json from the original layout. From containerd, export the images: ctr -n"
                    + " NAMESPACE images export FILE.tar NAME:TAG"
            )
        case .otherDocument(let name):
            self.init(
                "\(name) belongs to an application, and doesn't list images",
                remedy: "Save an image: docker save NAME:TAG -o FILE.tar"
            )
        }
    }
}

extension ErrorText {
    private static func unpack(_ command: String) -> String {
        "Unpack it, and use the archive or folder in it as the input: \(command)"
    }
}
