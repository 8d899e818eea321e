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

/// The JSON forms of bundles and inventories.
@Suite struct DocumentTests {
    /// bundle.json and inventories of some sites.
    private static func bundles() throws -> [BundleDocument] {
        let trip = try Trip.versions(newBytes: 5_000_000)
        let removed = try #require(SiteReference("app:1"))
        let whole = try trip.draft(have: [trip.far.path]) { $0.removed = [removed] }
        let volumes = try trip.draft(have: []) { $0.volumeSize = 1_500_000 }
        var patched = whole.draft.document
        patched.patches = [
            BundleDocument.Patch(
                layer: .init(digest: Digest(of: [1]), size: 1),
                diffID: Digest(of: [2]),
                rawSize: 2,
                recipe: "gzip-1-v3",
                bases: [Digest(of: [3]), Digest(of: [4])],
                patch: .init(digest: Digest(of: [5]), size: 5)
            )
        ]
        return [whole.draft.document, volumes.draft.document, patched]
    }

    private static func inventory() throws -> SiteInventory {
        let site = try BuiltSite([Fixture.path("registry-backup.tar")])
        return try SiteFolder.forReading(site.path).inventory()
    }

    private static func parsed(_ bytes: [UInt8]) throws -> BundleDocument {
        try BundleDocument(try JSON(parsing: bytes, limits: .list))
    }

    @Test func bundleRoundTrip() throws {
        for document in try Self.bundles() {
            let bytes = document.document.bytes
            let again = try Self.parsed(bytes)
            #expect(again == document)
            #expect(again.document.bytes == bytes)
            #expect(try JSON(parsing: bytes, limits: .list).canonicalBytes == bytes)
        }
    }

    @Test func inventoryRoundTrip() throws {
        let inventory = try Self.inventory()
        #expect(inventory.tags.count > 4)
        #expect(!inventory.layers.isEmpty && !inventory.encoders.isEmpty)
        let json = try JSON(parsing: inventory.bytes, limits: .list)
        #expect(try SiteInventory(json) == inventory)
        #expect(json.canonicalBytes == inventory.bytes)
    }

    @Test func prefixes() throws {
        let inventory = try Self.inventory().bytes
        let bundle = try #require(try Self.bundles().first).document.bytes
        for length in 0..<bundle.count {
            #expect(throws: (any Error).self) { try Self.parsed(Array(bundle.prefix(length))) }
        }
        for length in 0..<inventory.count {
            #expect(throws: (any Error).self) {
                try JSON(parsing: Array(inventory.prefix(length)), limits: .list)
            }
        }
    }

    /// Any document gives a value or a typed error, and what is read is written in the same way.
    @Test func mutations() throws {
        var generator = Generator(seed: 3)
        let bundles = try Self.bundles().map(\.document.bytes)
        let inventory = try Self.inventory().bytes
        var refused = 0
        for round in 0..<3000 {
            let source = round % 4 == 3 ? inventory : bundles[round % 4]
            let bytes = Self.mutated(source, &generator)
            guard let json = try? JSON(parsing: bytes, limits: .list) else { continue }
            do throws(BundleError) {
                if round % 4 == 3 {
                    guard let value = try SiteInventory(json) else { continue }
                    let again = try? JSON(parsing: value.bytes, limits: .list)
                    #expect(
                        try again.flatMap { (json) throws(BundleError) in try SiteInventory(json) }
                            == value
                    )
                } else {
                    let value = try BundleDocument(json)
                    let again = try? Self.parsed(value.document.bytes)
                    #expect(again == value)
                }
            } catch { refused += 1 }
        }
        #expect(refused > 100)
    }

    /// A few changes that often leave JSON behind: digits, digests, members, and pieces of the text.
    private static func mutated(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        let (digits, words) = (
            Array("0123456789".utf8), ["-1", "null", "[]", "{}", "1e9", "\"x\""]
        )
        for _ in 0...Int.random(in: 0..<3, using: &generator) {
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0 where digits.contains(bytes[position]):
                bytes[position] = digits.randomElement(using: &generator) ?? 48
            case 1:
                let numbers = bytes.indices.filter { digits.contains(bytes[$0]) }
                guard let start = numbers.randomElement(using: &generator) else { continue }
                let end = bytes[start...].prefix { digits.contains($0) }.endIndex
                let word = words.randomElement(using: &generator) ?? ""
                bytes.replaceSubrange(start..<end, with: word.utf8)
            case 2: bytes[position] ^= UInt8.random(in: 1...255, using: &generator)
            default:
                // Repeats a piece between two commas, such as an item of a list.
                let commas = bytes.indices.filter { bytes[$0] == UInt8(ascii: ",") }
                guard commas.count > 1 else { continue }
                let first = Int.random(in: 0..<commas.count - 1, using: &generator)
                bytes.insert(
                    contentsOf: bytes[commas[first]..<commas[first + 1]],
                    at: commas[first]
                )
            }
        }
        return bytes
    }

    @Test(arguments: ["tags", "blobs", "layers"]) func damagedInventory(_ key: String) throws {
        let json = try JSON(parsing: Self.inventory().bytes, limits: .list)
        let values: [JSON?] = [
            nil, .null, .array([]), .object([.init("x", .integer(1))]),
            .object([.init("\(Digest(of: [1]))", .integer(-1))]),
        ]
        for value in values {
            #expect(throws: BundleError.damaged("\(key) in the inventory")) {
                try SiteInventory(json.setting(key, to: value))
            }
        }
    }

    /// Files that say nothing about a site.
    @Test func noInventory() throws {
        let trip = try Trip.versions()
        let files: [(String, [UInt8])] = [
            ("empty", []), ("text", Array("hello".utf8)), ("list", Array("[]".utf8)),
            ("object", Array("{}".utf8)), ("tar", try Fixture.bytes("docker20-one.tar")),
            ("deep", [UInt8](repeating: UInt8(ascii: "["), count: 100_000)),
            ("other", Array(#"{"mediaType":"application/x","tags":{}}"#.utf8)),
        ]
        for (name, bytes) in files {
            let path = try trip.bag.write(name, bytes)
            let failure = #expect(throws: BundleFailure.self) { try trip.draft(have: [path]) }
            #expect(failure?.cause as? BundleError == .notAnInventory, "\(name)")
            #expect(failure?.path == path)
        }
        #expect(throws: BundleFailure.self) { try trip.draft(have: [trip.bag["none"]]) }
    }
}
