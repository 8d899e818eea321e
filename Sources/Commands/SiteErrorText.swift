// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Site
internal import Store

extension ErrorText {
    /// What a site must not have, or has lost.
    init(damaged error: SiteError) {
        switch error {
        case .linkInSite(let path):
            self.init(
                "\(path) is a symbolic link, and regstatic follows no link inside a site",
                remedy:
                    "Remove the link and put the folder itself there. To keep it on another disk,"
                    + " mount that disk's folder there (mount --bind)."
            )
        case .unlisted(let path, let names):
            let some = names.prefix(Self.shown).joined(separator: ", ")
            let more = names.count > Self.shown ? ", and \(names.count - Self.shown) more" : ""
            self.init(
                "\(path)/index.json lacks images that content-types.json has: \(some)\(more)",
                remedy:
                    "index.json is damaged or an older copy: restore the right one. If index.json is"
                    + " right, remove content-types.json and run this again."
            )
        case .unknownLayout(let layout):
            self.init(
                "the site has the layout \(layout), which this version of regstatic doesn't know",
                remedy: "Use a newer version."
            )
        case .lostIndex(let path, isRecoverable: false):
            self.init(
                "\(path) has blobs of a site, but no index.json and nothing else with names of images",
                remedy:
                    "Restore the site from a copy, or build it again from the archives into an empty"
                    + " folder."
            )
        case .lostIndex(let path, isRecoverable: true):
            self.init(
                "\(path) has files of a site, but no index.json: the list of its images is lost",
                remedy: "Restore index.json from a copy, or recover the images into a new site:"
                    + " `regstatic build \(path) -o NEW`."
            )
        case .notBuilt(let path):
            self.init(
                "\(path) is not a site yet: no build has finished in it",
                remedy: "Build one: `regstatic build ARCHIVE -o \(path)`."
            )
        case .damagedIndex(let reason):
            self.init("the site's index.json is damaged: \(reason)", remedy: Self.restoreIndex)
        case .damagedKit(let error):
            self.init(
                "the site's index.json is damaged: \(Self.text(error))",
                remedy: Self.restoreIndex
            )
        case .damagedManifest(let digest, let reason):
            self.init(
                "the site's manifest \(digest) is missing or damaged: \(reason)",
                remedy:
                    "Build the image again from its archive, or remove it with `regstatic remove`;"
                    + " `regstatic verify` lists all faults."
            )
        default: self.init(naming: error)
        }
    }

    private static let restoreIndex =
        "Restore it from a copy. Without one, move index.json away and recover the images into a new"
        + " site: `regstatic build SITE -o NEW`."

    /// Names that can't be, or not side by side.
    private init(naming error: SiteError) {
        switch error {
        case .tagConflict(let name, let tag, let inputs, let platform):
            self.init(
                "\(name):\(tag) is claimed by \(inputs.joined(separator: " and ")) with different"
                    + " images for \(platform)",
                remedy: "Leave one of them out, or let the last one win with --replace."
            )
        case .repositoryClash(let outer, let inner):
            self.init(
                "the repositories \(outer) and \(inner) can't stand in one registry: the API of"
                    + " \(outer) needs the path of \(inner)",
                remedy:
                    "Build the archive with one of them in a run of its own, under another name with"
                    + " --prefix."
            )
        case .reservedName(let name):
            self.init(
                "the repository \(name) would take the place of the registry's own index.html",
                remedy: "Build it under another name with --prefix."
            )
        case .notPortable(let name):
            self.init(
                "Windows reserves a part of the repository name \(name): no portable site can"
                    + " hold it",
                remedy: "Leave the image out, or build with --layout plain on a Linux file system."
            )
        case .tagsDifferByCase(let name, let tag, let other):
            self.init(
                "the tags \(tag) and \(other) of \(name) differ only by case: a portable site"
                    + " can't hold both",
                remedy: "Leave one out, or build with --layout plain on a Linux file system."
            )
        case .invalidName(let name):
            self.init(
                "\(name) is not a valid repository name",
                remedy: "Names are lower-case components, at most 255 characters in all."
            )
        case .ambiguousName(let name, let images):
            self.init(
                "--name \(name) fits \(images) images that have no name",
                remedy:
                    "Name them one by one with --name FILE=REPOSITORY:TAG, or leave out the tag."
            )
        case .unusedName(let name):
            self.init(
                "--name \(name) fits no image: all images of its input have names of their own",
                remedy: "Leave --name out; names in the archive are kept."
            )
        default: self.init(absent: error)
        }
    }

    /// What a user named and the site lacks.
    private init(absent error: SiteError) {
        switch error {
        case .outputInSite(let path):
            self.init(
                "\(path) would take the place of a part of the site",
                remedy: "Write it to another folder."
            )
        case .noSuchImage(let reference, let present):
            let some = present.prefix(Self.shown).joined(separator: ", ")
            let more = present.count > Self.shown ? ", and \(present.count - Self.shown) more" : ""
            self.init(
                "the site has no \(reference)",
                remedy: present.isEmpty
                    ? "`regstatic list SITE` shows what it has."
                    : "Of \(reference.repository) it has \(some)\(more)."
            )
        case .strict:
            self.init(
                "nothing was published, as some of it was refused",
                remedy: "Mend what is named above, or leave out --strict to publish the rest."
            )
        case .unserved(let results):
            let texts = results.map { "\($0.pin.reference): \($0.reason)" }
            self.init(
                "nothing was published, as the site couldn't serve what is pinned: "
                    + texts.joined(separator: "; "),
                remedy: "Add what is missing, or leave out --strict to publish the rest."
            )
        case .noWantedPlatform(let wanted, let present):
            let asked = wanted.map(\.description).joined(separator: ", ")
            let has = present.map(\.description).joined(separator: ", ")
            self.init(
                "nothing was published: the inputs are for \(has), and nothing in them is for \(asked)",
                remedy: "Pull the images for \(asked) and save them again."
            )
        case .mirrorOfRefused:
            self.init(
                "nothing was published: what was refused would be removed from the site",
                remedy: "Mend what is named above, or leave out --mirror to only add."
            )
        case .declined:
            self.init(
                "nothing was changed: images would be removed",
                remedy: "Say --yes if that is what you want, or leave out --mirror to only add."
            )
        case .needed(let reference, let owners):
            self.init(
                "\(reference) is needed by \(owners.prefix(Self.shown).joined(separator: ", "))",
                remedy: "Remove what needs it first."
            )
        case .noSuchPlatform(let name, let platform, let present):
            let has = present.map(\.description).joined(separator: ", ")
            self.init(
                "\(name) is not there for \(platform)",
                remedy: present.isEmpty ? "It is no image that runs anywhere." : "It is for \(has)."
            )
        default: self.init("\(error)")
        }
    }

    private static let shown = 5

    /// What is wrong with a blob of a site.
    init(_ error: BlobError) {
        let remedy = "Build the image again from its archive; `regstatic verify` lists all faults."
        switch error {
        case .missing(let digest): self.init("the site lacks \(digest)", remedy: remedy)
        case .mismatch(let expected, let found):
            self.init("the site's \(expected) is damaged: found \(found)", remedy: remedy)
        case .size(let digest, let expected, let found):
            self.init(
                "the site's \(digest) has \(found) bytes instead of \(expected)",
                remedy: remedy
            )
        case .tooLarge(let digest, let limit):
            self.init("\(digest) is larger than \(HumanText.size(limit))", remedy: remedy)
        }
    }
}
