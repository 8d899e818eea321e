// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Streams
internal import OCI
internal import SiteModel
internal import Site
internal import Store

extension ErrorText {
    /// Explains why images can't have their names in one site.
    init(_ error: NamingError) {
        switch error {
        case .repositoryClash(let clash): self.init(clash)
        case .reservedName(let name):
            self.init(
                "the repository \(name) would replace the registry's own index.html",
                remedy: "Build the image with another prefix for its name: --prefix PREFIX"
            )
        case .notPortable(let name, let parts):
            self.init(
                "a portable site can't hold the repository \(name), because \(Self.reserving(parts))",
                remedy:
                    "Remove its images (regstatic remove SITE \(name):TAG), or keep the site plain on a"
                    + " Linux file system."
            )
        case .tagsDifferByCase(let name, let tag, let other):
            self.init(
                "a portable site can't hold both tags \(tag) and \(other) of \(name), because they"
                    + " differ only by case",
                remedy:
                    "Remove one of them (regstatic remove SITE \(name):\(other)), or keep the site plain"
                    + " on a Linux file system."
            )
        case .invalidName(let name):
            self.init(
                "\(name) is not a valid repository name",
                remedy:
                    "Leave out --keep-host, or choose a shorter --prefix: a name has lower-case components,"
                    + " separated by /, and at most 255 characters in all."
            )
        case .listOfReferrers(let tag):
            self.init(
                "clients read the tag \(tag) as the list of what refers to an image, such as its"
                    + " signatures, and this image is no such list"
            )
        case .ambiguousName(let name, let images):
            self.init(
                "--name \(name) matches \(images) images without a name",
                remedy:
                    "Leave out the tag. If the images are in different inputs, name each input instead:"
                    + " --name FILE=REPOSITORY:TAG"
            )
        case .unusedName(let name):
            self.init(
                "--name \(name) matches no image, because all images of its input have names",
                remedy: "Leave out --name; then the names in the archive are used."
            )
        case .unknownInput(let name):
            self.init(
                "--name \(name) matches no image, because no input of this name has images",
                remedy:
                    "Before the =, write the input as it is in the command, or only its file name."
            )
        case .tooManyImages(let count, let limit):
            self.init(
                "the site would list \(HumanText.count(count, "image")), but index.json can list at"
                    + " most \(limit)",
                remedy: "Distribute the images over several sites."
            )
        case .tooManyRepositories(let count, let limit):
            self.init(
                "the site would have \(count) repositories, but can have at most \(limit)",
                remedy: "Distribute the images over several sites."
            )
        case .tooManyMirrors(let limit):
            self.init(
                "the images come from more than \(limit) registries",
                remedy: "Distribute the images over several sites."
            )
        }
    }

    /// Explains why a site can't hold a new tag of an image that it has.
    init(_ refusal: TagRefusal) {
        let text = ErrorText(refusal.reason)
        switch refusal.reason {
        case .repositoryClash, .reservedName, .notPortable, .invalidName:
            self.init(text.what, remedy: "Choose another name. Nothing was changed.")
        case .listOfReferrers:
            self.init(text.what, remedy: "Choose another tag. Nothing was changed.")
        case .tagsDifferByCase:
            self.init(
                text.what,
                remedy: "Choose another tag, or remove the old one first. Nothing was changed."
            )
        case .tooManyImages, .tooManyRepositories:
            self.init(
                text.what,
                remedy: "First remove images that nobody needs: regstatic remove SITE IMAGE…"
            )
        case .ambiguousName, .unusedName, .unknownInput, .tooManyMirrors: self = text
        }
    }

    /// Explains why the site lacks the image that a reference names, or why the image can't be
    /// removed.
    init(_ error: LookupError) {
        switch error {
        case .noSuchImage(let reference, let present):
            self.init(
                "the site has no \(reference)",
                remedy: present.isEmpty
                    ? "`regstatic list SITE` shows its images."
                    : "The site has \(Self.some(present)) of \(reference.repository)."
            )
        case .noSuchPlatform(let name, let platform, let present):
            let platforms = present.map(\.description).joined(separator: ", ")
            self.init(
                "the site has no \(name) for \(platform)",
                remedy: present.isEmpty
                    ? "It is an artifact without platforms, so leave out --platform."
                    : "The site has it for \(platforms)."
            )
        case .needed(let reference, let owners):
            self.init(
                "\(reference) can't be removed, because it is needed by \(Self.some(owners))",
                remedy: "First remove these images."
            )
        }
    }

    /// Explains why a command changed nothing, although it could have done a part of the work.
    init(_ error: PolicyRefusal) {
        switch error {
        case .strict:
            self.init(
                "nothing was changed, because an input or image was refused",
                remedy: "Fix the errors above, or build the rest without --strict."
            )
        case .unserved(let results):
            let texts = results.map { "\($0.pin.reference): \($0.reason)" }
            self.init(
                "nothing was changed, because the site could not serve these pins: "
                    + texts.joined(separator: "; "),
                remedy: "Add the missing images, or build without --strict."
            )
        case .foreign(let images):
            self.init(
                "nothing was changed, because of images that clients can't pull: "
                    + images.map(ForeignLayerText.text).joined(separator: "; "),
                remedy: ForeignLayerText.remedy + " Or build without --strict."
            )
        case .noWantedPlatform(let wanted, let present):
            let asked = wanted.map(\.description).joined(separator: ", ")
            let platforms = present.map(\.description).joined(separator: ", ")
            self.init(
                "nothing was changed, because the inputs have images for \(platforms), but not for"
                    + " \(asked)",
                remedy: "Pull the images for \(asked) and save them again."
            )
        case .mirrorOfRefused:
            self.init(
                "nothing was changed, because --mirror would remove the refused images from the"
                    + " site",
                remedy: "Fix the errors above, or leave out --mirror to only add images."
            )
        case .declined:
            self.init(
                "nothing was changed, because images would be removed",
                remedy: "Confirm with --yes, or leave out --mirror to only add images."
            )
        case .declinedAddress:
            self.init(
                "nothing was changed, because clients would trust a CA that can sign certificates"
                    + " for any host",
                remedy: "Confirm with --yes, or leave out --keep-address."
            )
        case .outputInSite(let path):
            self.init(
                "\(path) would replace a part of the site",
                remedy: "Write the file to another folder."
            )
        }
    }

    /// Explains why a site can't have the requested layout, or why its layout is unknown.
    init(_ error: LayoutError) {
        switch error {
        case .otherLayout(let path, let layout):
            let other = layout == .plain ? SiteLayout.portable : .plain
            self.init(
                "\(path) has the \(layout.rawValue) layout",
                remedy:
                    "Leave out --layout, or convert the site: regstatic build \(ShellWord.quoted(path))"
                    + " -o NEW"
                    + " --layout \(other.rawValue)"
            )
        case .plainRefused(let path, let refusal):
            self.init(
                "the medium of \(path) doesn't support links with ':' in their names"
                    + " (\(refusal.reason))",
                remedy: "Leave out --layout plain, so that the site gets the portable layout."
            )
        case .unknownLayout(let layout):
            self.init(
                "the site has the layout \(layout), which this version of regstatic doesn't know",
                remedy: "Use a newer version."
            )
        }
    }

    /// The first few of several names.
    static func some(_ names: [String]) -> String {
        let limit = 5
        let more = names.count > limit ? ", and \(names.count - limit) more" : ""
        return names.prefix(limit).joined(separator: ", ") + more
    }
}
