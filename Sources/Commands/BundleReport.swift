// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import BundleModel
internal import Bundles
internal import OCI
internal import SiteModel

/// What the commands for bundles print.
enum BundleReport {
    /// After `create`.
    static func print(_ draft: BundleCreation.Draft, files: [String], _ console: Console) {
        let document = draft.document
        guard !console.isJSON else {
            let result = JSON.object([
                "files": .array(
                    zip(files, draft.sizes)
                        .map { path, size in
                            .object(["path": .string(path), "bytes": .integer(size)])
                        }
                ),
                "bytes": .integer(draft.sizes.reduce(0, +)),
                "bundle": json(document, digest: document.document.digest),
            ])
            return console.out(result)
        }
        for line in tags(document, all: false) { console.out(HumanText.printable(line)) }
        for line in summary(document) { console.say(line) }
        let size = HumanText.size(draft.sizes.reduce(0, +))
        switch files.count {
        case 0: console.say("The bundle would have \(size)\(volumes(draft.sizes.count)).")
        case 1: console.say("\(files[0]): \(size)")
        default:
            console.say("\(files[0]) to \(files[files.count - 1]): \(size)\(volumes(files.count))")
        }
        if !files.isEmpty { console.say(identity(document.document.digest)) }
    }

    private static func volumes(_ count: Int) -> String {
        count == 1 ? "" : " in \(count) volumes"
    }

    /// After `list`.
    static func print(_ files: BundleFiles, withContent: Bool, _ console: Console) {
        let document = files.document
        for line in tags(document, all: true) { console.out(HumanText.printable(line)) }
        if withContent {
            for line in content(document) { console.out(HumanText.printable(line)) }
        }
        for line in summary(document) { console.say(line) }
        if !document.volumes.isEmpty {
            let here = numbers(files.files.compactMap(\.volume))
            console.say("\(document.volumes.count) volumes; here: \(here)")
        }
        console.say(identity(files.digest))
    }

    /// After `verify`.
    static func print(
        _ report: BundleCheck.Report,
        of files: BundleFiles,
        site: String?,
        _ console: Console
    ) {
        guard !console.isJSON else { return console.out(json(report, of: files)) }
        for line in damage(report.damaged) { console.out(line) }
        if let fit = report.fit {
            for line in ErrorText.list(fit.missing) {
                console.out(HumanText.printable("missing: \(line)"))
            }
            for line in ErrorText.list(fit.conflicts) {
                console.out(HumanText.printable("tag: \(line)"))
            }
        }
        let path = files.files[0].path
        if !report.absent.isEmpty {
            let total = files.volumeCount
            console.say(
                "Not checked, because they are not here: \(numbers(report.absent)) of \(total)"
            )
        }
        if report.isWhole {
            let place = site.map { " and fits \($0)" } ?? ""
            console.say("\(path) is complete\(place)")
        } else if let fit = report.fit, !fit.missing.isEmpty, let site {
            console.say(
                "\(site) lacks what the bundle requires. Take its inventory home: regstatic inventory"
                    + " \(ShellWord.quoted(site)) -o far.json\n  At home: regstatic bundle create SITE"
                    + " --have far.json -o rest.bundle"
            )
        } else {
            console.say(advice(report, path))
        }
        console.say(identity(files.digest))
    }

    /// After `apply`.
    static func print(
        _ outcome: BundleApplication.Outcome,
        of files: BundleFiles,
        site: String,
        receipt: String?,
        _ console: Console
    ) {
        guard !console.isJSON else { return console.out(json(outcome, receipt: receipt)) }
        for line in damage(outcome.damaged) { console.warn(line) }
        guard outcome.isComplete else {
            for line in rest(outcome, of: files, site: site) { console.say(line) }
            return
        }
        for (entry, previous) in outcome.changes {
            let verb = previous == nil ? "added" : "moved"
            console.out(HumanText.printable("\(verb) \(entry.name) \(entry.manifest.digest)"))
        }
        for entry in outcome.removed { console.out(HumanText.printable("removed \(entry.name)")) }
        for tag in outcome.kept {
            console.say(
                HumanText.printable(
                    "kept \(tag.name) as it is, because it has changed at the site, and the bundle"
                        + " doesn't change it"
                )
            )
        }
        let count = outcome.changes.count
        let removed = outcome.removed.isEmpty ? "" : ", \(outcome.removed.count) removed"
        console.say(
            "\(site): \(HumanText.count(count, "image")) changed, \(outcome.unchanged) unchanged\(removed)"
        )
        outcome.written.reportSignature(of: site, console)
        if let receipt { console.say("For the next trip, take home: \(receipt)") }
    }
}

// Lines that several commands print.
extension BundleReport {
    /// A line for each image, or for each image that the bundle adds, moves or removes.
    private static func tags(_ document: BundleDocument, all: Bool) -> [String] {
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

    private static func content(_ document: BundleDocument) -> [String] {
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

    private static func summary(_ document: BundleDocument) -> [String] {
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
    private static func identity(_ digest: Digest) -> String { "bundle.json: \(digest)" }

    private static func damage(_ damaged: [BundleParts.Damage]) -> [String] {
        damaged.map { damage in
            let text = ErrorText(BundleFailure(path: damage.path, cause: damage.cause))
            return HumanText.printable("damaged: \(text.what)")
        }
    }

    /// What `build` couldn't take of the bundles among its inputs.
    static func lines(_ inputs: BundleInputs) -> [String] {
        damage(inputs.damaged)
            + inputs.waiting.map { path, volumes in
                HumanText.printable(
                    "\(path): the bundle needs its other volumes, too: \(numbers(volumes))"
                )
            }
    }

    /// What to do with a bundle that isn't whole, or that doesn't fit the site.
    private static func advice(_ report: BundleCheck.Report, _ path: String) -> String {
        if !report.damaged.isEmpty {
            return "Copy the damaged files again from where the bundle was made."
        }
        if report.fit?.conflicts.isEmpty == false {
            return
                "Make a new bundle with a new inventory of the site. To move these tags nevertheless, use"
                + " regstatic bundle apply --force."
        }
        return "\(path) is intact. To check the whole bundle, name all its volumes."
    }

    /// What is still to be done after a bundle was applied in part.
    private static func rest(
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
        let copy = outcome.damaged.isEmpty ? "" : " Copy damaged volumes again."
        return [
            "\(site) still needs \(numbers(outcome.waiting)) of \(files.volumeCount).\(copy) Apply the"
                + " volumes in any order; what was read is kept."
        ]
    }

    /// `volume 3`, `volumes 2 and 4`, `volumes 1, 2 and 4`.
    private static func numbers(_ volumes: [Int]) -> String {
        let numbers = volumes.map { String($0 + 1) }
        guard let last = numbers.last, numbers.count > 1 else {
            return "volume \(numbers.first ?? "")"
        }
        return "volumes \(numbers.dropLast().joined(separator: ", ")) and \(last)"
    }
}
