// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import Inputs
import OCI
import Site
import SiteModel
import SiteTestSupport
import Store
import TestSupport
import Testing

/// A site at home, a site far away, and a folder for the files that travel between them.
struct Trip {
    let home: BuiltSite
    let far: BuiltSite
    let bag: TemporaryFolder
    /// For the raw layers and patches of bundles.
    let scratch: TemporaryFolder

    init(home: BuiltSite, far: BuiltSite) throws {
        (self.home, self.far) = (home, far)
        bag = try TemporaryFolder()
        scratch = try TemporaryFolder()
    }

    /// Home has the old and the new inputs, and the far site has only the old ones.
    init(old: [String], new: [String], layout: SiteLayout = .plain) throws {
        try self.init(home: BuiltSite(), far: BuiltSite())
        try home.build(old)
        try far.build(old, layout: layout)
        try home.build(new)
    }

    // MARK: At home

    /// Plans a bundle from home for what these inventories, sites, lists and bundles say.
    func draft(
        have: [String],
        _ change: (inout BundleCreation.Options) throws -> Void = { _ in }
    ) throws -> (creation: BundleCreation, draft: BundleCreation.Draft) {
        let site = try SiteFolder.forReading(home.path)
        var receiver = ReceivingSite()
        for path in have { try receiver.add(path, home: site.store) }
        var options = BundleCreation.Options(threads: 2)
        options.makesPatches = false
        try change(&options)
        let creation = try BundleCreation(site, scratch: scratch.path, options)
        return (creation, try creation.draft(for: receiver, progress: NoProgress()))
    }

    /// Writes a bundle into the bag.
    ///
    /// - Returns: the paths of its files.
    func bundle(
        _ name: String = "trip.bundle",
        have: [String],
        _ change: (inout BundleCreation.Options) throws -> Void = { _ in }
    ) throws -> [String] {
        let (creation, draft) = try draft(have: have, change)
        let path = bag[name]
        return try creation.write(draft, to: path, signature: nil, progress: NoProgress())
    }

    /// Writes the bundle that brings the far site what home has.
    func bundle(volumes size: Int? = nil) throws -> [String] {
        try bundle(have: [far.path]) { $0.volumeSize = size }
    }

    // MARK: Far away

    @discardableResult
    func apply(
        _ paths: [String],
        progress: any Progress = NoProgress(),
        _ change: (inout BundleApplication.Options) -> Void = { _ in }
    ) throws -> BundleApplication.Outcome {
        let files = try BundleFiles(paths)
        let site = try SiteFolder.forWriting(far.path)
        var options = BundleApplication.Options(threads: 2)
        change(&options)
        let update = SiteUpdate(site, Derived(servers: []), now: 0)
        return try BundleApplication(files, to: update, options).run(progress: progress)
    }

    func check(_ paths: [String]) throws -> BundleCheck.Report {
        try BundleCheck.run(
            BundleFiles(paths),
            on: SiteFolder.forReading(far.path),
            progress: NoProgress()
        )
    }

    /// The inventory of the far site, in the bag.
    func inventory() throws -> String {
        try bag.write("far.json", SiteFolder.forReading(far.path).inventory().bytes)
    }
}

extension Trip {
    /// Two versions of an image: the new one has one new layer of random bytes, and shares the other.
    static func versions(newBytes: Int = 100, layout: SiteLayout = .plain) throws -> Trip {
        try versions(Inputs(newBytes: newBytes), layout: layout)
    }

    static func versions(_ inputs: Inputs, layout: SiteLayout = .plain) throws -> Trip {
        try Trip(old: [inputs.old], new: [inputs.new], layout: layout)
    }

    /// The archives of two versions of `app:1`; the new one also has the tag `app:2`.
    struct Inputs {
        let folder: TemporaryFolder
        let old: String
        let new: String

        init(newBytes: Int) throws {
            folder = try TemporaryFolder()
            let base = SyntheticImage.layer("base", "the same in both versions")
            let noise = TarBuilder.tar([.file("new", Generator.noise(newBytes))])
            let first = SyntheticImage(layers: [base, SyntheticImage.layer("a", "one")])
            let second = SyntheticImage(layers: [base, noise])
            old = try folder.write("old.tar", TarBuilder.tar(first.dockerArchive(["app:1"])))
            new = try folder.write(
                "new.tar",
                TarBuilder.tar(second.dockerArchive(["app:1", "app:2"]))
            )
        }
    }
}

extension BuiltSite {
    /// Files of the store that the site's images don't need.
    var unreferenced: [String] {
        get throws { try verify().unreferenced }
    }
}

/// Checks that two sites have the same files, apart from regstatic's own state.
func expectSame(
    _ expected: BuiltSite,
    _ found: BuiltSite,
    at location: SourceLocation = #_sourceLocation
) throws {
    let differences = Tree.differences(try expected.published(), try found.published())
    #expect(differences == [], sourceLocation: location)
}
