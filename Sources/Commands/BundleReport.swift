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
                "bundle": json(document, digest: document.document.digest, sparse: draft.sparse),
            ])
            return console.out(result)
        }
        for line in tags(document, all: false) { console.out(HumanText.printable(line)) }
        for line in summary(document) { console.say(line) }
        for line in lines(draft.sparse, lackingIn: "home lacks this content") { console.say(line) }
        let size = HumanText.size(draft.sizes.reduce(0, +))
        switch files.count {
        case 0: console.say("The bundle would have \(size)\(volumes(draft.sizes.count)).")
        case 1: console.say("\(files[0]): \(size)")
        default:
            console.say("\(files[0]) to \(files[files.count - 1]): \(size)\(volumes(files.count))")
        }
        if !files.isEmpty { console.say(identity(document.document.digest)) }
    }

    private static let notInBundle = "the bundle neither contains nor requires this content"

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
        for line in lines(files.sparseImages, lackingIn: notInBundle) { console.say(line) }
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
        signature: BundleSignature,
        site: String?,
        _ console: Console
    ) {
        guard !console.isJSON else {
            return console.out(json(report, of: files, signature: signature))
        }
        for line in damage(report.damaged) { console.out(line) }
        if let fit = report.fit {
            for line in ErrorText.list(fit.missing) {
                console.out(HumanText.printable("missing: \(line)"))
            }
            for line in ErrorText.list(fit.conflicts) {
                console.out(HumanText.printable("tag: \(line)"))
            }
            for refusal in fit.refusals {
                console.out(HumanText.printable("refused: \(ErrorText(refusal).what)"))
            }
        }
        let path = files.files[0].path
        if !report.absent.isEmpty {
            let total = files.volumeCount
            console.say(
                "Not here, so not checked: \(numbers(report.absent)) of \(total)"
            )
        }
        for line in lines(report.sparse, lackingIn: notInBundle) { console.say(line) }
        if report.isWhole {
            let place = site.map { " and fits \($0)" } ?? ""
            console.say("\(files.name) is complete\(place)")
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
        for line in lines(outcome.sparse, lackingIn: "the site lacks this content") {
            console.say(console.styled("warning: \(line)", .yellow))
        }
        outcome.written.reportSignature(of: site, console)
        if let receipt { console.say("For the next trip, take home: \(receipt)") }
    }
}
