// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import Store
internal import Streams

// Checks of all files and links of a site except its blobs.
extension SiteVerifier {
    /// Compares the files with the version that index.json has.
    ///
    /// If a run was interrupted between two versions, also compares them with the other version.
    mutating func checkTree() throws {
        let store = store
        let disk = looking { () throws(FileError) in try SiteVersion(in: store.folder) } ?? nil
        let unfinished =
            looking { () throws(FileError) in try SiteChange.versions(in: store.folder) } ?? []
        // Every byte of index.json must follow from the site's contents.
        if disk?.index != site.index.bytes { report.add(.tree(path: SiteIndex.path)) }
        let lists = [disk?.list].compactMap(\.self) + unfinished.compactMap(\.list)
        let list = lists.first { Digest(of: $0.bytes) == site.index.list }
        let plan = SitePlan(SiteContents(site.index, graph))
        let expected = SiteExpectation(plan, list)
        let others = try unfinished.filter { $0.index != disk?.index }
            .compactMap { try $0.expected(from: store) }
        if list == nil {
            let isMissing = looking { () throws(FileError) in
                try store.folder.status(FileList.path) == nil
            }
            report.add(.tree(path: FileList.path, isMissing: isMissing == true))
        } else if disk?.list?.bytes != list?.bytes {
            report.isUnfinished = true
        }
        // A list that contradicts index.json or the manifests was not made by regstatic.
        if let list, isIntact,
            plan.digests(plan.contentTypes)
                .merging(site.index.programs.files, uniquingKeysWith: { $1 })
                .contains(where: { list.digests[$0.key] != $0.value })
        {
            report.add(.tree(path: FileList.path))
        }
        check(expected, others)
        findForeign(expected, others, plan: plan, hasList: list != nil)
    }

    /// Whether all manifests could be read, so that the site's links and names are known.
    private var isIntact: Bool {
        !report.faults.contains { fault in
            switch fault {
            case .manifest, .unreadable: true
            default: false
            }
        }
    }

    private mutating func check(_ expected: SiteExpectation, _ others: [SiteExpectation]) {
        let folder = store.folder
        for (path, digest) in expected.files.sorted(by: { $0.key < $1.key }) {
            let found = looking { () throws(FileError) in try folder.digest(of: path) }
            guard let found, found != digest else { continue }
            let isOther = others.contains { other in
                other.files[path] == found
                    || path == SitePlan.contentTypesPath
                        && [other.shortened(to: expected), expected.shortened(to: other)]
                            .contains(found)
            }
            // The digest is nil if the file is absent, or if a link or folder is in its place; only
            // an absent file is explained.
            let isAbsent = looking { () throws(FileError) in try folder.status(path) == nil }
            note(
                path,
                isMissing: isAbsent == true,
                isExplained: isOther && (found != nil || isAbsent == true)
            )
        }
        for (path, target) in expected.links.sorted(by: { $0.key < $1.key }) {
            let found = looking { () throws(FileError) in try folder.linkTarget(path) }
            guard let found, found != target else { continue }
            let isAbsent = looking { () throws(FileError) in try folder.status(path) == nil }
            let isOther = others.contains { $0.links[path] == found }
            note(
                path,
                isMissing: isAbsent == true,
                isExplained: isOther && (found != nil || isAbsent == true)
            )
        }
    }

    private mutating func note(_ path: String, isMissing: Bool, isExplained: Bool) {
        if isExplained {
            report.isUnfinished = true
        } else {
            report.add(.tree(path: path, isMissing: isMissing))
        }
    }

    // MARK: Files that nothing explains

    private mutating func findForeign(
        _ expected: SiteExpectation,
        _ others: [SiteExpectation],
        plan: SitePlan,
        hasList: Bool
    ) {
        findUnreferencedContent(plan)
        var folders = isIntact ? [SitePlan.apiFolder] : []
        if hasList { folders += SiteExpectation.derivedFolders }
        // People run what is beside the programs, although servers don't answer with it.
        if hasList, !site.index.programs.isEmpty { folders.append(SitePrograms.folder) }
        for root in folders {
            for path in files(below: root) where !expected.has(path) {
                if Self.isOfMedium(path) {
                    report.unreferenced.append(path)
                } else if others.contains(where: { $0.has(path) }) {
                    report.isUnfinished = true
                } else {
                    report.add(.foreign(path: path))
                }
            }
        }
        findForeignAtTop(expected, others, hasList: hasList)
        findOtherSignatures()
    }

    /// Finds files beside the signature of this version; servers don't serve them.
    private mutating func findOtherSignatures() {
        let folder = store.folder
        let current = SignaturePath.of(Digest(of: site.index.bytes))
        for path in files(below: SignaturePath.folder) {
            let status = looking { () throws(FileError) in try folder.status(path) } ?? nil
            if path != current {
                report.unreferenced.append(path)
            } else if status == .link {
                report.add(.link(path: path))
            }
        }
    }

    /// Finds blobs and copies of manifests that no image needs; such files only take up space.
    private mutating func findUnreferencedContent(_ plan: SitePlan) {
        // Skip this check if a manifest is unreadable, because its content is unknown and would
        // count as unreferenced.
        guard isIntact else { return }
        let known = plan.paths
        let folder = store.folder
        for path in files(below: Digest.blobFolder) where !known.contains(path) {
            report.unreferenced.append(path)
        }
        for path in files(below: SitePlan.manifestFolder) where !known.contains(path) {
            // In a portable site, servers answer with these files even if no image needs them, so a
            // file whose name isn't the digest of its content is a fault.
            let name = path.split(separator: "/").last?.split(separator: ".").first ?? ""
            let found = looking { () throws(FileError) in try folder.digest(of: path) }
            if Self.isOfMedium(path) || found == Digest(hex: name) && found != nil {
                report.unreferenced.append(path)
            } else {
                report.add(.foreign(path: path))
            }
        }
    }

    private mutating func findForeignAtTop(
        _ expected: SiteExpectation,
        _ others: [SiteExpectation],
        hasList: Bool
    ) {
        let folder = store.folder
        let names = looking { () throws(FileError) in try folder.names(in: ".") } ?? []
        for name in names where !SiteFolder.ownNames.contains(name) && !Self.isOfMedium(name) {
            // Servers don't serve unknown files at the top, but builds read these two.
            let isRead = ["manifest.json", "repositories"].contains(name)
            if isRead { report.add(.foreign(path: name)) } else { report.unreferenced.append(name) }
        }
        if hasList { findOtherPrograms(expected, others, beside: names) }
        let front = PagePlan.frontPath
        guard names.contains(front), !expected.has(front) else { return }
        if others.contains(where: { $0.has(front) }) {
            report.isUnfinished = true
        } else if site.index.page.isLeftOut {
            // If the settings exclude pages, the owner may have written this front page.
            report.unreferenced.append(front)
        } else if hasList {
            report.add(.foreign(path: front))
        }
    }

    /// Finds files in the places of programs and their guide if the site has no programs.
    private mutating func findOtherPrograms(
        _ expected: SiteExpectation,
        _ others: [SiteExpectation],
        beside names: [String]
    ) {
        guard site.index.programs.isEmpty else { return }
        let guide = names.contains(SitePrograms.guide) ? [SitePrograms.guide] : []
        for path in guide + files(below: SitePrograms.folder) where !expected.has(path) {
            if others.contains(where: { $0.has(path) }) {
                report.isUnfinished = true
            } else {
                report.unreferenced.append(path)
            }
        }
    }

    private mutating func files(below root: String) -> [String] {
        let folder = store.folder
        let files = looking { () throws(FileError) in try folder.files(below: root) } ?? []
        let reported = report.reported
        return files.filter { !reported.contains(.link(path: $0)) }
    }

    /// Whether an operating system added this file to the medium; servers don't serve such files.
    private static func isOfMedium(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasPrefix("._")
            || [".DS_Store", "lost+found", "System Volume Information"].contains(name)
    }
}
