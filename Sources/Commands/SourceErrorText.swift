// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import SiteModel
internal import Inputs
internal import Store
internal import Streams

extension ErrorText {
    /// Explains why an input, or an image in it, was refused.
    init(_ error: SourceError) {
        let text = ErrorText(error.fault, of: error.input)
        // The text of a conflict already names the inputs, because a conflict can have several.
        guard !error.isConflict else {
            self = text
            return
        }
        let image = error.image.map { " (\($0))" } ?? ""
        self.init("\(Self.input(error.input))\(image): \(text.what)", remedy: text.remedy)
    }

    private init(_ fault: SourceFault, of input: String) {
        switch fault {
        case .archive(.notAnArchive, nil) where PartName(input)?.isCertain == true:
            self.init(notAnArchive: input)
        case .stream(.truncated, nil): self.init(truncated: input)
        case .parts(let parts): self.init(parts: parts)
        case .archive(let error, let member): self.init(error, member)
        case .stream(let error, let member): self.init(error, member)
        case .member(let error, let document): self.init(error, document)
        case .json(let error, let document):
            // A digest in the name shows that the document isn't damaged.
            let isList = MemberPath(document)?.hasDigest != true
            self.init(
                isList && error.isSyntax
                    ? "\(document) is damaged: it is not JSON (byte \(error.offset))"
                    : "\(document) can't be read as JSON: \(Self.reason(error))",
                remedy: Self.remedy(error, isList: isList)
            )
        case .siteIndex(let error, let isFolder):
            self.init(
                "it is a site whose index.json is damaged: \(Self.reason(error))",
                remedy: (isFolder ? "" : "Unpack it: tar -xf FILE. ") + Self.recovery
            )
        case .manifest(.foreign(let kind), let document): self.init(kind, document)
        case .manifest(.algorithm(let field, let digest), let document):
            self.init(
                "\(document): \(Self.reason(.algorithm(field: field, digest: digest)))",
                remedy: Self.remedy(.algorithm(field: field, digest: digest))
            )
        case .manifest(let error, let document):
            self.init(
                "\(document) is not a valid manifest: \(Self.reason(error))",
                remedy: Self.remedy(error)
            )

        // Faults of the whole input.
        case .partlyRead(let cause):
            let text = ErrorText(cause, of: input)
            self.init("\(text.what); only its complete images were read", remedy: text.remedy)
        case .unread(let part, let isFolder): self.init(part, of: input, isFolder: isFolder)
        case .signature(let fault): self.init(fault)
        case .notALayout:
            self.init(
                "the folder has no images, because it has no index.json, manifest.json or"
                    + " docker/registry/v2",
                remedy:
                    "Use a folder that has one of these as the input. If the images are in"
                    + " archives, use the archives: regstatic build FOLDER/*.tar -o SITE"
            )
        case .noImages:
            self.init(
                "the archive has no image, because no manifest.json or index.json in it lists one",
                remedy: "Save the image again: docker save NAME:TAG -o FILE.tar"
            )
        case .nullManifest:
            self.init(
                "manifest.json is null, because the engine wrote no image into the archive",
                remedy: Self.saveAgain
            )
        case .lostIndex:
            self.init(
                "index.json is missing, so the images were found by the names in v2/ and manifests/",
                remedy:
                    "Compare `regstatic list` with the images that the site had. The title, the"
                    + " clients' address and CA, and the list of images to prune are lost."
            )
        case .unlisted(let name, let digest):
            self.init(
                "the site serves \(digest) as \(name), but its index.json doesn't list that name",
                remedy:
                    "index.json is damaged, or it is an older copy. Restore the site's own file. If you don't"
                    + " have it, move index.json away and build again; the names are then taken from"
                    + " the other files."
            )

        // A registry's data.
        case .nothingServed:
            self.init(
                "the registry's data has blobs, but no tag and no manifest",
                remedy:
                    "If the data was saved in several parts, use all parts in one command. If the"
                    + " registry keeps tags in a database, as GitLab's can, copy each image"
                    + " from the running registry: skopeo copy --all docker://REGISTRY/NAME:TAG"
                    + " oci-archive:FILE.tar:NAME:TAG"
            )
        case .noDigest(let member):
            self.init("\(member) has no digest", remedy: Self.pushAgain)
        case .notAFolder(let member):
            self.init(
                "\(member) should be a folder, but is a file, so the content of the folder is lost",
                remedy: "Copy the registry's data again."
            )
        case .lostTag(let tag):
            self.init(
                "the tag \(tag) is lost: its current/link is missing, although its history exists",
                remedy: Self.pushAgain
            )
        case .dangling(let member, let digest):
            self.init(
                "\(member) names \(digest), which the registry's data lacks",
                remedy: Self.nameBoth
                    + " Otherwise, push the tag to the registry again, or copy the registry's data again."
            )
        case .schema1(let digest): self.init(.schema1, "\(digest)")

        // One image.
        case .invalidName(let name): self.init(invalidName: name, in: input)
        case .configWithoutLayers(let document):
            self.init(
                "\(document) is not an image config, because it has no rootfs.diff_ids",
                remedy: Self.saveAgain
            )
        case .layerCount(let document, let layers, let diffIDs):
            self.init(
                "\(document) has \(HumanText.count(layers, "layer")), but the config lists \(diffIDs)",
                remedy: Self.saveAgain
            )
        case .digest(let member, let expected, let found):
            self.init(
                "\(member) is damaged: expected \(expected), found \(found)",
                remedy: Self.copyAgain
            )
        case .diffID(let member, let expected, let found):
            self.init(
                "\(member) is not the layer that the config names: expected \(expected), found"
                    + " \(found)",
                remedy: Self.copyAgain
            )
        case .size(let member, let expected, let found):
            self.init(
                "\(member) has \(found) bytes instead of \(expected)",
                remedy: Self.copyAgain
            )
        case .incomplete(let digest, let missing):
            self.init(
                "\(digest) can't be pulled, because the archive lacks \(missing)",
                remedy: Self.nameBoth
                    + " Otherwise, pull the whole image again where it was saved, and save it again."
            )
        case .sparse(let digest, let missing):
            self.init(
                "the index \(digest) lacks \(HumanText.count(missing.count, "manifest")):"
                    + " \(missing.map(\.description).joined(separator: ", "))",
                remedy: "Save all platforms, or accept the gap with --sparse keep."
            )
        case .lost(let digest, let manifest):
            self.init(
                digest == manifest
                    ? "the manifest \(digest) is missing, although the input refers to it"
                    : "\(digest) is missing, although \(manifest) needs it",
                remedy:
                    Self.nameBoth
                    + " Otherwise, copy the input again from the original. If other platforms of the image"
                    + " are complete, build only these: --platform linux/amd64"
            )
        case .inexpressible(let encoding, _):
            self.init(
                "a Docker schema 2 manifest can't have a \(encoding.rawValue) layer",
                remedy: "Use --format oci, or --compression gzip."
            )
        case .conflict(let conflict): self.init(conflict)
        case .unportable(let refusal): self.init(refusal)
        case .unattached(let kind):
            self.init(
                "the attachment (\(kind)) must share its name with exactly one image, but the input"
                    + " has none or more than one with that name",
                remedy:
                    "Save the image again together with its attachments, each image under its own name."
            )
        case .store(let error): self.init(error as any Error)
        case .repeated(let member):
            self.init(
                "the archive has \(member) more than once with different content, as if archives had"
                    + " been joined with `tar -A`, or files added with `tar -r`",
                remedy:
                    "Use the original archives as inputs. If only the last file of each name is"
                    + " right, pack these files again: mkdir new && tar -xf FILE -C new && tar"
                    + " -cf new.tar -C new ."
            )
        case .pointer(let member):
            self.init(
                "\(member) is a Git LFS pointer, a small text in place of the real file",
                remedy:
                    "To fetch the real files, run `git lfs pull` in the Git repository. If the"
                    + " input is an archive, pack it again after this."
            )
        case .onlyUntagged(let count):
            self.init(
                "the registry's data has no tag, only \(HumanText.count(count, "manifest")) served"
                    + " by digest, and --untagged drop skips manifests without a tag",
                remedy: "Use --untagged keep."
            )
        case .foreign(.emptyFile) where input == "-":
            self.init(
                "no bytes arrived",
                remedy:
                    "Read the error message of the command in front of the pipe, which has failed."
            )
        case .foreign(let kind): self.init(kind)
        }
    }

    static func reason(_ error: JSONError) -> String {
        switch error.reason {
        case .tooLarge(let limit): "larger than \(HumanText.size(limit))"
        case .tooDeep(let limit): "nested more than \(limit) levels deep"
        case .tooMany(let limit): "more than \(limit) values"
        case .duplicateKey(let key): "the key \"\(key)\" is repeated at byte \(error.offset)"
        case .syntax(let expected): "expected \(expected) at byte \(error.offset)"
        }
    }

    static let nameBoth =
        "If another archive or folder has the missing content, use both in one command."
    /// What helps against an unreadable document; a list names the images of the input.
    private static func remedy(_ error: JSONError, isList: Bool) -> String {
        switch error.reason {
        case .syntax where isList: copyAgain
        case .tooLarge where isList, .tooMany where isList: saveFewer
        case .syntax, .tooLarge, .tooMany, .tooDeep, .duplicateKey: saveAgain
        }
    }

    private static let saveFewer =
        "The list has too many images. Save them in several archives, and name all archives in one"
        + " command."
    static let copyAgain =
        "Copy the input again. If the original is damaged, too, save the image again."
    private static let pushAgain =
        "Push the tag to the registry again, or copy the registry's data again."
    static let saveAgain = "Save the image again with a current version of the engine."
}

extension JSONError {
    fileprivate var isSyntax: Bool {
        if case .syntax = reason { true } else { false }
    }
}

extension SourceError {
    fileprivate var isConflict: Bool {
        if case .conflict = fault { return true }
        if case .unportable = fault { return true }
        return false
    }
}
