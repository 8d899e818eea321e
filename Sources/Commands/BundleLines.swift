// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Bundles
internal import OCI
internal import SiteModel

// Lines that several commands print.
extension BundleReport {
    /// A line for each image, or for each image that the bundle adds, moves or removes.
    static func tags(_ document: BundleDocument, all: Bool) -> [String] {
        let shown = document.tags.filter { all || $0.previous != $0.manifest }
        let rows = shown.map { tag in
            let change =
                switch tag.previous {
                case nil: "new"
                case tag.manifest: "same"
                default: "moves"
                }
            return [tag.name, change, tag.manifest.description]
        }
        let removed = document.removed.map { [$0.name, "removed", $0.manifest.description] }
        guard !rows.isEmpty || !removed.isEmpty else { return [] }
        return HumanText.table([["IMAGE", "CHANGE", "DIGEST"]] + rows + removed)
    }

    static func content(_ document: BundleDocument) -> [String] {
        let carried = document.carries.map {
            ["carried", $0.digest.description, HumanText.size($0.size), ""]
        }
        let patched = document.patches.map {
            [
                "patched", $0.layer.digest.description, HumanText.size($0.layer.size),
                "a patch of \(HumanText.size($0.patch.size))",
            ]
        }
        let needed = document.needs.map {
            ["required", $0.digest.description, HumanText.size($0.size), $0.purpose]
        }
        return HumanText.table(
            [["CONTENT", "DIGEST", "SIZE", "USE"]] + carried + patched + needed
        )
    }

    static func summary(_ document: BundleDocument) -> [String] {
        func size(_ sizes: [Int]) -> String { HumanText.size(sizes.reduce(0, +)) }
        let same = document.tags.count { $0.previous == $0.manifest }
        var lines = same == 0 ? [] : ["\(HumanText.count(same, "image")) unchanged"]
        lines.append(
            "\(HumanText.count(document.carries.count, "blob")) carried,"
                + " \(size(document.carries.map(\.size)))"
        )
        if !document.patches.isEmpty {
            lines.append(
                "\(HumanText.count(document.patches.count, "layer")) of"
                    + " \(size(document.patches.map(\.layer.size))) as patches of"
                    + " \(size(document.patches.map(\.patch.size)))"
            )
        }
        lines.append(
            "\(HumanText.count(document.needs.count, "blob")) required,"
                + " \(size(document.needs.map(\.size)))"
        )
        return lines
    }

    /// The digest that is the same at both ends, if nothing was changed on the way.
    static func identity(_ digest: Digest) -> String { "bundle.json: \(digest)" }

    static func damage(_ damaged: [BundleParts.Damage]) -> [String] {
        var seen: Set<String> = []
        return damaged.compactMap { damage in
            let text = ErrorText(BundleFailure(path: damage.path, cause: damage.cause))
            // A medium that fails gives the same error for each part of the file.
            guard seen.insert(text.what).inserted else { return nil }
            return HumanText.printable("damaged: \(text.what)")
        }
    }

    /// What `build` couldn't take of the bundles among its inputs.
    static func lines(_ inputs: BundleInputs) -> [String] {
        damage(inputs.damaged)
            + inputs.waiting.map { path, volumes in
                HumanText.printable(
                    "\(path): \(numbers(volumes)) of the bundle \(volumes.count == 1 ? "is" : "are")"
                        + " missing. Name all volumes of the bundle."
                )
            }
    }

    /// A line for each image of which a part doesn't travel.
    static func lines(_ sparse: [SparseImage], lackingIn place: String) -> [String] {
        sparse.map { image in
            HumanText.printable(
                "\(image.name): the index lists \(HumanText.absent(image.missing)), but \(place)"
            )
        }
    }

    /// What to do with a bundle that isn't whole, or that doesn't fit the site.
    static func advice(_ report: BundleCheck.Report, _ path: String) -> String {
        if !report.damaged.isEmpty {
            return "Copy the damaged files again from where the bundle was made."
        }
        if report.fit?.conflicts.isEmpty == false {
            return
                "Make a new bundle with a new inventory of the site. To move these tags nevertheless, use"
                + " regstatic bundle apply --force."
        }
        if let refusal = report.fit?.refusals.first, let remedy = ErrorText(refusal).remedy {
            return remedy
        }
        return
            "\(path) is intact. To check the whole bundle, name all its volumes, or the bundle's name"
            + " without a number if they are in one folder."
    }

    /// What is still to be done after a bundle was applied in part.
    static func rest(
        _ outcome: BundleApplication.Outcome,
        of files: BundleFiles,
        site: String
    ) -> [String] {
        guard files.volumeCount > 1 else {
            return [
                "Nothing was changed, and what is intact is kept in \(site). Copy the bundle again from"
                    + " where it was made, and apply it again."
            ]
        }
        let missing = outcome.waiting
        let verb = missing.count == 1 ? "is" : "are"
        let reason = outcome.damaged.isEmpty ? "missing" : "damaged or missing"
        let copy = outcome.damaged.isEmpty ? "" : " Copy damaged volumes again."
        let them = missing.count == 1 ? "it" : "them in any order"
        return [
            "The images are not in \(site) yet, because \(numbers(missing)) of \(files.volumeCount) \(verb)"
                + " \(reason).\(copy) What was read is kept. Apply \(them):"
                + " regstatic bundle apply VOLUME \(ShellWord.quoted(site))"
        ]
    }

    /// `volume 3`, `volumes 2 and 4`, `volumes 1, 2 and 4`.
    static func numbers(_ volumes: [Int]) -> String {
        let numbers = volumes.map { String($0 + 1) }
        guard let last = numbers.last, numbers.count > 1 else {
            return "volume \(numbers.first ?? "")"
        }
        return "volumes \(numbers.dropLast().joined(separator: ", ")) and \(last)"
    }
}
