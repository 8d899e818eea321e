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
                "not an archive: it is neither a tar nor a compressed tar",
                remedy: "Save images with `docker save NAME:TAG -o FILE.tar`."
            )
        case .link(let path):
            self.init(
                "\(path) is a symbolic link, which regstatic does not follow",
                remedy: "Replace it with the folder or file itself, or copy the input with: cp -rL"
            )
        case .outside(let member):
            self.init(
                "the path of the member \(member) leads out of the archive",
                remedy: Self.distrust
            )
        case .unsupported(let member, let kind):
            self.init(
                "the member \(member) is a \(kind), which engines don't write",
                remedy: "Make the archive again. With `tar`, leave out --sparse."
            )
        case .limit(let what, let limit):
            self.init("more than \(limit) \(what)", remedy: Self.distrust)
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
        case .damaged(let reason): self.init("damaged\(place): \(reason)", remedy: Self.copyAgain)
        case .system(let operation, let code):
            self.init(
                "can't \(operation)\(place): \(FileError(operation, "", code: code).reason)",
                remedy: operation == "open"
                    ? "Check the path and its permissions."
                    : error.isDenial
                        ? "Run this command as a user with permission to read the input."
                        : "The medium may be failing. Copy the readable files to another one."
            )
        case .expansion(.layer, let limit):
            self.init(
                "the content\(place) expands to more than \(HumanText.size(limit)), the limit for a layer",
                remedy:
                    "Build without this image. If it is genuine, make it again with smaller layers."
            )
        case .expansion(.run, let limit):
            self.init(
                "the content\(place) expands the inputs of this run to more than"
                    + " \(HumanText.size(limit)), the limit for a run",
                remedy: "Name fewer inputs in each run; the site keeps the images that it has."
            )
        case .store(let error): self.init(error as any Error)
        }
    }

    init(_ error: MemberError, _ document: String) {
        switch error {
        case .missing(let path):
            self.init("\(document) names \(path), which the archive lacks", remedy: Self.copyAgain)
        case .linkLoop(let path):
            self.init(
                "\(path) is a link that leads back to itself",
                remedy: Self.distrust
            )
        case .linkOutside(let path, let target):
            self.init(
                "\(path) is a link to \(target), which is outside the archive",
                remedy: Self.distrust
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

    private static let distrust = "Don't trust this archive."
}
