// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Inputs
internal import Streams

// Why an archive, a folder or one of its members can't be read.
extension ErrorText {
    init(_ error: ArchiveError, _ member: String?) {
        switch error {
        case .stream(let error): self.init(error, member)
        case .notAnArchive:
            self.init(
                "it is not an archive: neither a tar nor a tar in gzip, zstd, xz, bzip2 or lz4",
                remedy:
                    "If the file is encrypted, or compressed by another program, decrypt or decompress"
                    + " it first. If not, save the image again: docker save NAME:TAG -o FILE.tar"
            )
        case .link(let path):
            self.init(
                "\(path) is a symbolic link, which regstatic does not follow",
                remedy:
                    "Copy the input with the files in place of the links, and use the copy as the"
                    + " input: cp -rL FOLDER COPY"
            )
        case .outside(let member):
            self.init(
                "the path of the member \(member) leads out of the archive; `tar -P` can write such paths",
                remedy:
                    "If you trust the origin of the archive, pack its files again from their folder: tar"
                    + " -cf NEW.tar -C FOLDER ."
            )
        case .unsupported(let member, let kind):
            self.init(
                "the member \(member) is a \(kind), which engines don't write",
                remedy: "Make the archive again. With `tar`, leave out --sparse."
            )
        case .limit(let what, let limit):
            self.init(
                "it exceeds the limit of \(limit) \(what)",
                remedy:
                    "Use smaller archives or folders, with fewer images in each. If you expected a"
                    + " small input, don't trust it."
            )
        }
    }

    init(_ error: StreamError, _ member: String?) {
        let place = member.map { " in \($0)" } ?? ""
        switch error {
        case .truncated:
            self.init(
                "the file ends early\(place), so a part of it is missing",
                remedy: Self.copyAgain
            )
        case .damaged(let reason):
            self.init("\(member ?? "it") is damaged: \(reason)", remedy: Self.copyAgain)
        case .system(let operation, let code):
            let object = member.map { " \($0)" } ?? ""
            self.init(
                "can't \(operation)\(object): \(FileError(operation, "", code: code).reason)",
                remedy: operation == "open"
                    ? "Check the path and its permissions."
                    : error.isDenial
                        ? "Run this command as a user with permission to read the input."
                        : "The medium may be failing. Copy the readable files to another medium."
            )
        case .expansion(.layer, let limit):
            self.init(
                "the content\(place) expands to more than \(HumanText.size(limit)), the limit for a layer",
                remedy:
                    "Build without this image. If you trust the image, make it again with smaller layers."
            )
        case .expansion(.run, let limit):
            let last = member.map { "; \($0) exceeds the limit" } ?? ""
            self.init(
                "the inputs of this run expand to more than \(HumanText.size(limit)), the limit for"
                    + " a run\(last)",
                remedy: "Use fewer inputs in each run; the site keeps the images of earlier runs."
            )
        case .store(let error): self.init(error as any Error)
        }
    }

    init(_ error: MemberError, _ document: String) {
        switch error {
        case .missing(let path):
            self.init(
                "\(document) names \(path), which the archive lacks",
                remedy: Self.nameBoth
                    + " Otherwise, copy the input again. If the original is damaged, too, save the image"
                    + " again."
            )
        case .linkLoop(let path):
            self.init(
                "\(path) is a link that leads back to itself",
                remedy: Self.distrust
            )
        case .linkOutside(let path, let target):
            self.init(
                "\(path) is a link to \(target), which is outside the archive",
                remedy:
                    "If you trust the origin of the archive, pack it again, with the files in place of the"
                    + " links: tar -chf NEW.tar -C FOLDER ."
            )
        case .danglingLink(let path, let target):
            self.init(
                "\(path) is a link to \(target), which the input lacks",
                remedy:
                    "Copy or pack the input again, with the files in place of the links: cp -rL FOLDER COPY,"
                    + " or tar -chf NEW.tar -C FOLDER ."
            )
        case .special(let path):
            self.init(
                "\(path) is a device or pipe, not a file",
                remedy: Self.distrust
            )
        case .invalidPath(let path):
            self.init(
                "\(document) names \"\(path)\", which leads out of the archive",
                remedy: Self.distrust
            )
        }
    }

    private static let distrust = "Engines don't write such archives, so don't trust this one."
}
