// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Patches
import TestSupport
import Testing

/// A patch makes exactly the target, whatever the files are.
@Suite struct RoundTripTests {
    /// Makes a patch, checks that it makes the target, and returns its size.
    @discardableResult
    private func size(_ target: [UInt8], from bases: [UInt8]...) throws -> Int {
        let patch = try #require(try Patching.make(target, from: bases))
        #expect(try Patching.apply(patch, to: bases) == target)
        return patch.count
    }

    /// Files of several sizes, with other bytes for another seed.
    private static func members(seed: UInt64 = 1, modified: Int = 0) -> [TarMember] {
        var members = [TarMember.folder("etc").with { $0.modified = modified }]
        for index in 0..<20 {
            let bytes = Generator.text(300 + 700 * index, seed: UInt64(index) + seed * 100)
            members.append(.file("etc/file-\(index).conf", bytes).with { $0.modified = modified })
        }
        return members
    }

    @Test func emptyFiles() throws {
        try size([], from: [])
        try size([], from: Generator.noise(1000))
        try size(Generator.noise(1000), from: [])
        try size([7], from: [7])
        try size([7], from: [8], [], [7])
    }

    @Test(arguments: [1, 7, 8, 31, 32, 33, 255, 256, 511, 512, 513, 1023, 1025])
    func shortFiles(_ count: Int) throws {
        let base = Generator.noise(count)
        try size(base, from: base)
        try size(base + [1], from: base)
        try size(Array(base.dropFirst()), from: base)
        try size(base.reversed(), from: base)
    }

    @Test func theSameLayer() throws {
        let tar = TarBuilder.tar(Self.members())
        #expect(try size(tar, from: tar) < 150)
    }

    @Test func noTar() throws {
        var target = Generator.noise(200_000)
        let base = target
        target.replaceSubrange(50_000..<50_010, with: Generator.noise(30, seed: 2))
        target.removeSubrange(120_000..<125_000)
        #expect(try size(target, from: base) < 300)
        #expect(try size(target, from: TarBuilder.tar([.file("data", base)])) < 300)
    }

    @Test func oneChangedFile() throws {
        let base = TarBuilder.tar(Self.members())
        let changed = Self.members().map { $0.name == "etc/file-9.conf" ? Self.edited($0) : $0 }
        #expect(try size(TarBuilder.tar(changed), from: base) < 300)
    }

    /// The member with a line more.
    private static func edited(_ member: TarMember) -> TarMember {
        var bytes = member.fileContent ?? []
        bytes.insert(contentsOf: "A new line.\n".utf8, at: bytes.count / 2)
        return member.with { $0.kind = .file(bytes) }
    }

    @Test func newTimes() throws {
        let base = TarBuilder.tar(Self.members(modified: 1_700_000_000))
        let target = TarBuilder.tar(Self.members(modified: 1_701_850_000))
        #expect(try size(target, from: base) < 300)
    }

    @Test func anotherOrder() throws {
        let members = Self.members()
        let target = TarBuilder.tar(members.reversed())
        #expect(try size(target, from: TarBuilder.tar(members)) < 400)
    }

    @Test func renamedFiles() throws {
        let base = TarBuilder.tar([.file("lib/libz.so.1.2.13", Generator.noise(50_000))])
        var noise = Generator.noise(50_000)
        noise[20_000] ^= 1
        let moved = TarMember.file("usr/lib/libz.so.1.3.1", noise)
        #expect(try size(TarBuilder.tar([moved]), from: base) < 400)
        let same = TarMember.file("somewhere/else", Generator.noise(50_000))
        #expect(try size(TarBuilder.tar([same]), from: base) < 400)
    }

    @Test func filesOfSeveralBases() throws {
        let bases = (1...3)
            .map { seed in TarBuilder.tar(Self.members(seed: UInt64(seed)) as [TarMember]) }
        let mixed = (0..<21).map { Self.members(seed: UInt64($0 % 3 + 1))[$0] }
        let patch = try #require(try Patching.make(TarBuilder.tar(mixed), from: bases))
        #expect(try Patching.apply(patch, to: bases) == TarBuilder.tar(mixed))
        #expect(patch.count < 600)
    }

    @Test func longNames() throws {
        let name = String(repeating: "folder/", count: 30) + "file"
        for longNames in [TarBuilder.LongNames.gnu, .pax] {
            let base = TarBuilder.tar(
                [.file(name, Generator.noise(3000)), .file("b", Generator.noise(3000, seed: 2))],
                longNames: longNames
            )
            var bytes = Generator.noise(3000)
            bytes[5] ^= 1
            let target = TarBuilder.tar(
                [.file("b", Generator.noise(3000, seed: 2)), .file(name, bytes)],
                longNames: longNames
            )
            #expect(try size(target, from: base) < 400)
        }
    }

    @Test func cutAndDamagedTars() throws {
        let tar = TarBuilder.tar(Self.members())
        for length in [100, 511, 600, tar.count - 1500, tar.count - 1] {
            let cut = Array(tar[..<length])
            try size(cut, from: tar)
            try size(tar, from: cut)
        }
        var damaged = tar
        damaged[512] ^= 1
        try size(damaged, from: tar)
        try size(tar, from: damaged)
    }

    @Test func sizesThatLie() throws {
        let tar = TarBuilder.tar(Self.members())
        for size in [0, 1, 1 << 40, 1 << 62] {
            let member = TarMember.file("etc/file-3.conf", Generator.noise(2000))
                .with {
                    $0.claimedSize = size
                    $0.hasBinarySize = true
                }
            let lying = TarBuilder.tar([member] + Self.members())
            try self.size(lying, from: tar)
            try self.size(tar, from: lying)
        }
        let pax = TarMember.file("a", "text").with { $0.pax = [("size", "999999999999999999999")] }
        try size(TarBuilder.tar([pax]), from: tar)
    }

    @Test func aLargeFileInParts() throws {
        var noise = Patching.largeNoise
        let base = TarBuilder.tar([.file("large", noise)])
        for place in stride(from: 1 << 20, to: 17 << 20, by: 3 << 20) {
            noise.replaceSubrange(place..<place + 9, with: Generator.noise(300, seed: 3))
        }
        let target = TarBuilder.tar([.file("large", noise)])
        #expect(try size(target, from: base) < 2000)
    }

    @Test func theLimitIsKept() throws {
        let (base, target) = (Generator.noise(1000), Generator.noise(100_000, seed: 2))
        let patch = try #require(try Patching.make(target, from: [base]))
        #expect(try Patching.make(target, from: [base], limit: patch.count) == patch)
        #expect(try Patching.make(target, from: [base], limit: patch.count - 1) == nil)
        #expect(try Patching.make(target, from: [base], limit: 10) == nil)
    }
}
