// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Bundles
internal import OCI
internal import SiteModel
internal import Site
internal import Store

extension ErrorText {
    /// Why a folder can't be used as a site.
    init(_ error: SiteDamage) {
        switch error {
        case .absent(let path):
            self.init(
                "there is no folder \(path)",
                remedy:
                    "Check the path; if it is on a medium, check that the medium is mounted. To make a site"
                    + " there: regstatic build ARCHIVE -o \(ShellWord.quoted(path))"
            )
        case .notASite(let path) where BundleFile.isBundle(path):
            let bundle = ShellWord.quoted(path)
            self.init(
                "\(path) is a bundle and not a site",
                remedy:
                    "To look into it: regstatic bundle list \(bundle). To bring its images into a site:"
                    + " regstatic bundle apply \(bundle) SITE"
            )
        case .notASite(let path):
            self.init(
                "\(path) is not a site made by regstatic",
                remedy:
                    "Name the folder that `regstatic build` wrote (the one after -o). If \(path) has"
                    + " saved images, make a site of them in a new or empty folder: regstatic build"
                    + " \(ShellWord.quoted(path)) -o SITE"
            )
        case .occupied(let path):
            self.init(
                "-o \(path): the folder has other files and is not a site of regstatic, so nothing"
                    + " was written",
                remedy: "Use a new or empty folder: -o \(ShellWord.quoted("\(path)/site"))"
            )
        case .notAFolder(let path):
            self.init(
                "-o \(path) is a file, but -o takes the folder of the site",
                remedy: "Use a new or empty folder, such as -o site."
            )
        case .notBuilt(let path):
            self.init(
                "\(path) is not a site yet, because the first build into it has not finished",
                remedy:
                    "If no build is running, run the same build again: regstatic build ARCHIVE -o \(ShellWord.quoted(path))"
            )
        case .linkInSite(let path):
            self.init(
                "\(path) is a symbolic link, and regstatic doesn't follow links inside a site",
                remedy:
                    "Replace the link with the folder itself. To keep the folder on another disk, mount"
                    + " it in place of the link (mount --bind)."
            )
        case .lostIndex(let path, isRecoverable: false):
            self.init(
                "\(path) has blobs of a site, but index.json is missing and no names of images are"
                    + " left",
                remedy:
                    "Restore the site from a copy, or build it again from the archives into an empty"
                    + " folder."
            )
        case .lostIndex(let path, isRecoverable: true):
            self.init(
                "\(path) has files of a site, but index.json, the list of its images, is missing",
                remedy: "Restore index.json from a copy, or recover the images into a new site:"
                    + " regstatic build \(ShellWord.quoted(path)) -o NEW"
            )
        case .index(let damage):
            self.init(
                "the site's index.json is damaged: \(Self.text(damage))",
                remedy: Self.restoreIndex
            )
        case .kitSettings(let error):
            self.init(
                "the site's index.json is damaged: \(Self.text(error))",
                remedy: Self.restoreIndex
            )
        case .unlisted(let path, let names):
            self.init(
                "\(path)/index.json lacks images that content-types.json has: \(Self.some(names))",
                remedy:
                    "If index.json is damaged or an older copy, restore the latest copy. If"
                    + " index.json is correct, remove content-types.json and run the same"
                    + " command again."
            )
        case .lostManifest(let lost): self.init(lost)
        case .manifest(let digest, let damage):
            self.init(
                "the site's manifest \(digest) is missing or damaged: \(Self.text(damage))",
                remedy:
                    "Build the image again from its archive, or remove it with `regstatic remove`;"
                    + " `regstatic verify` lists all faults."
            )
        }
    }

    private init(_ lost: LostManifest) {
        let site = ShellWord.quoted(lost.site)
        let inputs = lost.inputs.isEmpty ? "ARCHIVE" : ShellWord.list(lost.inputs)
        self.init(
            "\(lost.site): the manifest of \(Self.some(lost.images)) is missing or damaged"
                + " (\(lost.digest))",
            remedy:
                "Build these images again: regstatic build \(inputs) -o \(site). Or remove them:"
                + " regstatic remove \(site) \(ShellWord.list(lost.images)) --prune --now"
        )
    }

    private static let restoreIndex =
        "Restore it from a copy. If there is none, move index.json away, \(recoveryCommands)"

    /// How to recover the images of a site without its list.
    static let recovery = "Move index.json away, \(recoveryCommands)"

    /// The commands are for the site's own folder, because the path of this folder may be unknown.
    private static let recoveryCommands =
        "and recover the images from the other files of the site. Go to the folder that has"
        + " index.json and v2/, and run: mv index.json /tmp/ && regstatic build . -o ../NEW"

    private static func text(_ damage: IndexDamage) -> String {
        switch damage {
        case .notAFile: "it is not a regular file, or is larger than any that regstatic writes"
        case .notAList: "it is not a JSON object with a list of manifests"
        case .unmarked(let mark):
            "another program wrote it: the annotation \(mark) is missing"
        case .unnamedEntry: "an entry has no digest or no name"
        case .entryName(let name): "an entry has the invalid name \(name)"
        }
    }

    /// What is wrong with a manifest of a site.
    static func text(_ damage: ManifestDamage) -> String {
        switch damage {
        case .blob(.missing): "its blob is missing"
        case .blob(.mismatch(_, let found)): "its bytes have the digest \(found)"
        case .blob(.size(_, let expected, let found)): "\(found) bytes instead of \(expected)"
        case .blob(.tooLarge(_, let limit)): "it is larger than \(HumanText.size(limit))"
        case .json(let error): "it is not acceptable JSON: \(reason(error))"
        case .manifest(let error): "it is not a valid manifest: \(reason(error))"
        case .tooDeep: "indexes are nested too deep"
        case .lost: "an index lists it, but its blob is missing or damaged"
        }
    }

    /// What is wrong with a blob of a site.
    init(_ error: BlobError) {
        let remedy = "Build the image again from its archive; `regstatic verify` lists all faults."
        switch error {
        case .missing(let digest):
            self.init("the blob \(digest) is missing in the site", remedy: remedy)
        case .mismatch(let expected, let found):
            self.init(
                "the blob \(expected) is damaged: its bytes have the digest \(found)",
                remedy: remedy
            )
        case .size(let digest, let expected, let found):
            self.init(
                "the blob \(digest) has \(found) bytes instead of \(expected)",
                remedy: remedy
            )
        case .tooLarge(let digest, let limit):
            self.init("the blob \(digest) is larger than \(HumanText.size(limit))", remedy: remedy)
        }
    }
}
