// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import BundleModel
@testable import Bundles
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Names that the receiving site can't have: found before any content is copied.
@Suite struct BundleNameTests {
    /// A trip that brings an image with this name to a site with another image.
    private func trip(
        _ name: String,
        to old: String = "app:1",
        layout: SiteLayout = .plain
    ) throws -> Trip {
        let trip = try Trip(home: BuiltSite(), far: BuiltSite())
        let image = SyntheticImage(layers: [SyntheticImage.layer("n", "new")])
        let first = SyntheticImage.small.dockerArchive([old])
        try trip.far.build([try trip.far.archive("old.tar", first)], layout: layout)
        try trip.home.build([try trip.home.archive("new.tar", image.dockerArchive([name]))])
        return trip
    }

    /// Applies a bundle that must be refused, and checks that not even a blob was written.
    private func refusal(_ trip: Trip, volumes size: Int? = nil) throws -> NamingError? {
        let paths = try trip.bundle(have: []) { $0.volumeSize = size }
        let before = try trip.far.snapshot()
        let error = #expect(throws: BundleRefusal.self) { try trip.apply(paths) }
        #expect(Tree.differences(before, try trip.far.snapshot()) == [])
        let report = try trip.check(paths)
        #expect(!report.isWhole)
        guard case .names(let found) = error else { return nil }
        #expect(report.fit?.naming == found)
        return found
    }

    @Test(arguments: ["con/app:1", "team/lpt1.x:2"]) func reservedByWindows(_ name: String) throws {
        let trip = try trip(name, layout: .portable)
        guard case .notPortable = try refusal(trip) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func tagsThatDifferByCase() throws {
        let trip = try trip("app:rc", to: "app:RC", layout: .portable)
        // Only names with capitals can clash.
        try trip.home.tag("app:rc", as: "app:Rc")
        guard case .tagsDifferByCase = try refusal(trip) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func plainSitesTakeTheseNames() throws {
        let trip = try trip("con/app:Rc")
        #expect(try trip.apply(try trip.bundle(have: [])).changes.count == 1)
        #expect(try trip.far.verify().faults == [])
    }

    @Test func repositoriesThatClash() throws {
        let trip = try trip("app/tags/list:1")
        guard case .repositoryClash = try refusal(trip) else {
            Issue.record("not refused")
            return
        }
    }

    /// The number of names follows from the documents of the bundle.
    @Test func tooManyRepositories() throws {
        let manifest = SyntheticImage.descriptor(Array("{}".utf8), .ociManifest)
        let tag = try #require(Tag("1"))
        var index = SiteIndex()
        for number in 0..<SiteIndex.maximumRepositories {
            index.set(try #require(RepositoryName("r\(number)")), tag, manifest)
        }
        var bundle = SiteIndex()
        bundle.set(try #require(RepositoryName("r0")), tag, manifest)
        var document = BundleDocument(index: Digest(of: bundle.bytes))
        document.tags = bundle.entries.map {
            BundleDocument.Tag(name: $0.name, manifest: manifest.digest, previous: nil)
        }
        func merge() throws(NamingError) -> BundleMerge {
            try BundleMerge(document, with: bundle, into: index, removing: [], isForced: false)
        }
        #expect(try merge().unchanged == 1)
        bundle.set(try #require(RepositoryName("one-more")), tag, manifest)
        document.tags = bundle.entries.map {
            BundleDocument.Tag(name: $0.name, manifest: manifest.digest, previous: nil)
        }
        let limit = SiteIndex.maximumRepositories
        #expect(throws: NamingError.tooManyRepositories(limit + 1, limit: limit)) {
            _ = try merge()
        }
    }
}
