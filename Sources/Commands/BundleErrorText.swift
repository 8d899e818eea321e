// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import BundleModel
internal import Bundles
internal import OCI
internal import SiteModel
internal import Streams

// The texts of errors about bundles and inventories.
extension ErrorText {
    init(_ failure: BundleFailure) {
        let path = failure.path
        guard let error = failure.cause as? BundleError else {
            let archive = (failure.cause as? ArchiveError).map { ErrorText($0, nil) }
            let stream = (failure.cause as? StreamError).map { ErrorText($0, nil) }
            let text = archive ?? stream ?? ErrorText(failure.cause)
            let isCut =
                failure.cause as? StreamError == .truncated
                || failure.cause as? ArchiveError == .stream(.truncated)
            self.init("\(path): \(text.what)", remedy: isCut ? Self.copyBundleAgain : text.remedy)
            return
        }
        self.init(error, path: path)
    }

    private init(_ error: BundleError, path: String) {
        switch error {
        case .notABundle:
            self.init(
                "\(path) is not a bundle",
                remedy:
                    "Bundles are made by `regstatic bundle create`. To add other archives to a site:"
                    + " regstatic build \(ShellWord.quoted(path)) -o SITE"
            )
        case .notAFile:
            self.init(
                "\(path) is not a file, so that it can't be read as a bundle",
                remedy:
                    "Name the file that `regstatic bundle create` wrote. If the bundle comes through a"
                    + " pipe, write it into a file first."
            )
        case .folder:
            self.init(
                "\(path) is a folder and not a bundle",
                remedy:
                    "Name the file that `regstatic bundle create` wrote. For a site, use regstatic list or"
                    + " regstatic verify."
            )
        case .notAnInventory:
            self.init(
                "\(path) is not an inventory, a site, its index.json, or a bundle",
                remedy: "Make an inventory where the site is: regstatic inventory SITE -o far.json"
            )
        case .format(let number):
            self.init(
                "\(path): the bundle has format \(number), and this regstatic reads only format"
                    + " \(BundleDocument.format)",
                remedy: "Use the regstatic that made the bundle, or a newer one."
            )
        case .damaged(let part):
            self.init(
                "\(path): the bundle is damaged or was changed: \(part)",
                remedy: Self.copyBundleAgain
            )
        case .content(let member, let expected, let found):
            self.init(
                "\(path): \(member) has the digest \(found) instead of \(expected)",
                remedy: Self.copyBundleAgain
            )
        case .otherBundle(let other):
            self.init(
                "\(path) and \(other) are volumes of different bundles",
                remedy: "Name only volumes that were made together."
            )
        case .incomplete(let needs):
            self.init(
                "\(path) neither contains nor requires content that its images need",
                details: Self.list(needs),
                remedy: "The bundle can't be completed. Make it again with regstatic bundle create."
            )
        }
    }

    init(_ refusal: BundleRefusal) {
        switch refusal {
        case .missing(let needs):
            self.init(
                "the site lacks content that the bundle requires",
                details: Self.list(needs)
            )
        case .conflicts(let conflicts):
            self.init(
                "tags are not as the bundle expects them, and nothing was changed",
                details: Self.list(conflicts),
                remedy:
                    "They have changed at the site since its inventory was written, or the bundle was"
                    + " made for another site, or is older than the site. To move them nevertheless,"
                    + " use --force. Or make a new bundle with a new inventory of the site."
            )
        case .recipes(let recipes):
            self.init(
                "the bundle needs encoders that this regstatic doesn't have:"
                    + " \(recipes.joined(separator: ", "))",
                remedy:
                    "Use the regstatic that made the bundle, or make it again with --no-patches."
            )
        case .names(let error):
            self.init(
                "the bundle can't be applied: \(ErrorText(error).what)",
                remedy: Self.remedy(error)
            )
        case .declined:
            self.init(
                "nothing was changed",
                remedy: "To remove images without a question, use --yes."
            )
        }
    }

    /// What to do with a bundle whose images can't all be in the site.
    private static func remedy(_ error: NamingError) -> String? {
        switch error {
        case .repositoryClash, .reservedName:
            "Bring the images under other names: regstatic build BUNDLE -o SITE --prefix PREFIX"
        case .notPortable, .tagsDifferByCase:
            "To bring all other images: regstatic build BUNDLE -o SITE"
        case .tooManyImages, .tooManyRepositories, .tooManyMirrors:
            "Make a bundle of the images that this site needs: regstatic bundle create HOME IMAGE…"
                + " --have far.json -o rest.bundle"
        case .invalidName, .ambiguousName, .unusedName, .unknownInput, .listOfReferrers:
            ErrorText(error).remedy
        }
    }

    init(_ failure: PatchFailure) {
        let again =
            "Make the bundle again without patches, or with --full and the name of the image:"
            + " regstatic bundle create SITE … --no-patches"
        switch failure {
        case .base(let layer):
            self.init(
                "layer \(layer) of the site is damaged, and a patch needs it",
                remedy:
                    "regstatic verify names the images that have it. Or make the bundle again with"
                    + " --full and the name of the image."
            )
        case .missing(let diffID):
            self.init(
                "the site has no layer with the diffID \(diffID), which a patch needs",
                remedy: again
            )
        case .result(let expected, let found):
            self.init(
                "a patch gave the layer \(found) instead of \(expected)",
                remedy: again
            )
        case .tooLarge(let layer, let limit):
            self.init(
                "a patch gave more than the \(limit) bytes of the layer \(layer)",
                remedy: again
            )
        case .patch(let digest, _):
            self.init("the patch \(digest) can't be applied", remedy: again)
        case .recipe(let recipe):
            self.init(
                "this regstatic can't make layers with the recipe \(recipe)",
                remedy:
                    "Use the regstatic that made the bundle, or make it again with --no-patches."
            )
        }
    }

    init(_ missing: MissingBases) {
        let count = HumanText.count(
            missing.needs.count,
            "piece of content",
            plural: "pieces of content"
        )
        let home = "At home: regstatic bundle create SITE --have FILE -o rest.bundle"
        self.init(
            "\(missing.site) lacks \(count) that the bundle requires, and nothing was changed",
            details: Self.list(missing.needs),
            remedy: missing.receipt.map {
                "Take \($0) home; it lists what the site has. \(home)"
            }
                ?? "Take the site's inventory home: regstatic inventory"
                + " \(ShellWord.quoted(missing.site)) -o far.json. \(home)"
        )
    }

    init(_ error: VolumeError) {
        switch error {
        case .tooSmall(let minimum):
            self.init(
                "a volume needs at least \(minimum) bytes, because each has a list of all content",
                remedy: "Choose a larger size: --volume-size \(minimum)"
            )
        case .tooMany(let count):
            self.init(
                "the bundle would have \(count) volumes, but it can have \(BundleDocument.maximumVolumes)",
                remedy: "Choose a larger --volume-size."
            )
        }
    }

    init(_ error: BundleLimit) {
        self.init(
            "the bundle would have \(HumanText.size(error.size)), more than --max"
                + " \(HumanText.size(error.limit)); its largest content",
            details: error.largest.map {
                "\($0.digest)  \(HumanText.size($0.size))  \($0.purpose)"
            },
            remedy: "Name fewer images, or allow a larger bundle with --max."
        )
    }

    init(_ error: BundleSignatureError) {
        switch error {
        case .unsigned(let signers):
            self.init(
                "the bundle is not signed, and \(signers) demands a signature",
                remedy: "Sign it where it is made: regstatic bundle create … --sign KEY"
            )
        case .refused(let error):
            let text = ErrorText(error)
            self.init(
                "the signature of the bundle isn't accepted: \(text.what)",
                remedy: text.remedy
            )
        }
    }

    private static let copyBundleAgain = "Copy the file again from where it was made."

    /// A line for each piece of content.
    static func list(_ needs: [BundleNeed]) -> [String] {
        lines(needs) { need in
            let size = need.size > 0 ? "  \(HumanText.size(need.size))" : ""
            return "\(need.digest)\(size)  \(need.purpose)"
        }
    }

    /// A line for each tag.
    static func list(_ conflicts: [BundleFit.Conflict]) -> [String] {
        lines(conflicts) { conflict in
            let found = conflict.found.map { "is \($0)" } ?? "is not there"
            let expected =
                conflict.tag.previous.map { "the bundle expects \($0)" }
                ?? "the bundle expects that it is not there"
            let name =
                conflict.isRemoval ? "\(conflict.tag.name), to be removed," : conflict.tag.name
            return "\(name) \(found); \(expected)"
        }
    }

    private static func lines<Item>(_ items: [Item], _ text: (Item) -> String) -> [String] {
        let more = items.count - maximumLines
        return items.prefix(maximumLines).map(text) + (more > 0 ? ["and \(more) more"] : [])
    }

    /// The maximum number of lines of a list in an error.
    private static let maximumLines = 100
}
