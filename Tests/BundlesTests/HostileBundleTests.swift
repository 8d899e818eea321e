// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import BundleModel
@testable import Bundles
import OCI
import Site
import SiteModel
import SiteTestSupport
import Store
import Streams
import TestSupport
import Testing

/// A change of a good bundle that must not reach a site.
struct Attack: Sendable, CustomTestStringConvertible {
    /// What the far side must say.
    enum Answer: Sendable {
        /// `BundleError.damaged`, with this text.
        case damaged(String)
        /// Any error in the bundle.
        case failure
        /// A part of the bundle is named, and the others are kept.
        case part
        case incomplete
        case missing
        case conflicts
        case naming
    }

    let name: String
    let answer: Answer
    let change: @Sendable (inout ForgedBundle) throws -> Void

    init(
        _ name: String,
        _ answer: Answer,
        change: @escaping @Sendable (inout ForgedBundle) throws -> Void
    ) {
        (self.name, self.answer, self.change) = (name, answer, change)
    }

    var testDescription: String { name }
}

/// Bundles that somebody else prepared: typed errors, and a site that stays as it was.
@Suite struct HostileBundleTests {
    private static let inputs = Result { try Trip.Inputs(newBytes: 2000) }
    /// A good bundle for the site that `inputs` makes.
    private static let good = Result {
        let trip = try Trip.versions(inputs.get())
        return try (trip, ForgedBundle(trip.bundle()[0]))
    }

    /// Applies a forged bundle to a far site.
    private static func run(_ attack: Attack) throws {
        let (sample, bundle) = try good.get()
        let trip = try Trip(home: sample.home, far: BuiltSite([inputs.get().old]))
        var forged = bundle
        try attack.change(&forged)
        let path = try trip.bag.write("forged.bundle", forged.bytes)
        let before = try trip.far.published()
        var outcome: BundleApplication.Outcome?
        var failure: (any Error)?
        do { outcome = try trip.apply([path]) } catch { failure = error }
        #expect(
            answers(attack.answer, outcome, failure),
            "\(outcome.map { "\($0.changes)" } ?? "\(String(describing: failure))")"
        )
        // Content that is intact may stay in the store; nothing refers to it.
        let after = try trip.far.published()
        let differences = Tree.differences(before, after)
        let unreferenced = try trip.far.unreferenced
        #expect(differences.allSatisfy { before[$0] == nil && unreferenced.contains($0) })
        #expect(try trip.far.verify().faults == [])
        // `verify` judges the bundle in the same way.
        #expect(throws: (any Error).self) {
            if try !trip.check([path]).isWhole { throw Unexpected("not whole") }
        }
    }

    private static func answers(
        _ expected: Attack.Answer,
        _ outcome: BundleApplication.Outcome?,
        _ failure: (any Error)?
    ) -> Bool {
        let cause = (failure as? BundleFailure)?.cause
        switch expected {
        case .damaged(let text): return cause as? BundleError == .damaged(text)
        case .failure:
            return cause is BundleError || cause is ArchiveError || cause is StreamError
        case .part: return outcome?.isComplete == false && outcome?.damaged.isEmpty == false
        case .incomplete:
            guard case .incomplete = cause as? BundleError else { return false }
            return true
        case .missing:
            guard case .missing = failure as? BundleRefusal else { return false }
            return true
        case .conflicts:
            guard case .conflicts = failure as? BundleRefusal else { return false }
            return true
        case .naming:
            guard case .names = failure as? BundleRefusal else { return false }
            return true
        }
    }

    @Test(arguments: Attack.onMembers) func members(_ attack: Attack) throws {
        try Self.run(attack)
    }

    @Test(arguments: Attack.onDocument + Attack.onValues) func document(_ attack: Attack) throws {
        try Self.run(attack)
    }

    @Test(arguments: Attack.onIndex + Attack.onContent) func index(_ attack: Attack) throws {
        try Self.run(attack)
    }

    /// Each length of a small bundle, up to its end mark, is noticed.
    @Test func truncated() throws {
        let trip = try Trip.versions(newBytes: 2000)
        let bytes = try Tree.contents(try trip.bundle()[0])
        let before = try trip.far.published()
        for length in stride(from: 0, to: bytes.count - 1024, by: 512) {
            let path = try trip.bag.write("cut.bundle", Array(bytes.prefix(length)))
            #expect(throws: BundleFailure.self, "\(length)") { try trip.apply([path]) }
            // In the middle of a block, too.
            let other = try trip.bag.write("cut.bundle", Array(bytes.prefix(length + 300)))
            #expect(throws: BundleFailure.self, "\(length)") { try trip.apply([other]) }
        }
        #expect(Tree.differences(before, try trip.far.published()) == [])
    }

    /// Every byte of the documents, and some of the rest.
    @Test func anyChangedByte() throws {
        var trip = try Trip.versions(newBytes: 2000)
        let bytes = try Tree.contents(try trip.bundle()[0])
        let before = try trip.far.published()
        var generator = Generator(seed: 7)
        for _ in 0..<150 {
            var forged = bytes
            let position = Int.random(in: 0..<bytes.count - 1024, using: &generator)
            forged[position] ^= UInt8.random(in: 1...255, using: &generator)
            let path = try trip.bag.write("forged.bundle", forged)
            let outcome = try? trip.apply([path])
            guard outcome?.isComplete != true else {
                // Padding, and fields of a header that say nothing about the content.
                try expectSame(trip.home, trip.far)
                trip = try Trip.versions(newBytes: 2000)
                continue
            }
            let now = try trip.far.published().filter { before[$0.key] != nil }
            #expect(Tree.differences(before, now) == [], "\(position)")
        }
        #expect(try trip.far.verify().faults == [])
    }

    /// Settings in a bundle don't reach the site, whose address and kit are its own.
    @Test func settings() throws {
        let trip = try Trip.versions()
        var forged = try ForgedBundle(trip.bundle()[0])
        try forged.replaceInIndex(
            #""annotations":{"regstatic.site":"1""#,
            by: #""annotations":{"regstatic.site":"1","regstatic.address":"http://evil.example","#
                + #""regstatic.servers":"nginx","regstatic.layout":"portable""#
        )
        let path = try trip.bag.write("forged.bundle", forged.bytes)
        let before = try trip.far.index
        try trip.apply([path])
        let after = try trip.far.index
        #expect(after.kit == before.kit)
        #expect(after.servers == before.servers)
        #expect(after.layout == before.layout)
        try expectSame(trip.home, trip.far)
    }
}
