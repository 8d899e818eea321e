// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

@testable import Bundles
import OCI
import Patches
import Store
import Streams
import TestSupport
import Testing

/// A base that is decompressed while a patch reads it, here from a file.
@Suite struct StreamedBaseTests {
    private let folder: TemporaryFolder
    private let store: BlobStore

    init() throws {
        folder = try TemporaryFolder()
        store = BlobStore(try Folder(folder.path, creating: false))
        try store.prepare()
    }

    /// Files that are together larger than all windows.
    private static let members = (0..<40)
        .map { TarMember.file("file-\($0)", Generator.text(50_000, seed: UInt64($0))) }
    private static let base = TarBuilder.tar(members)

    private func patch(_ target: [UInt8]) throws -> [UInt8] {
        func layer(_ name: String, _ bytes: [UInt8]) throws -> PatchEncoder.Layer {
            let file = try MappedFile(path: folder.write(name, bytes))
            return PatchEncoder.Layer(diffID: Digest(of: bytes), file: file)
        }
        let encoder = PatchEncoder(
            target: try layer("target", target),
            bases: [try layer("base", Self.base)],
            threads: 1
        )
        var patch: [UInt8] = []
        _ = try encoder.make(limit: .max) { patch += $0 }
        return patch
    }

    /// Opens the base for a patch.
    private func open(
        _ bytes: [UInt8],
        for patch: [UInt8],
        window: Int
    ) throws -> (base: StreamedBase, reads: BaseReads) {
        let file = MemoryBytes(patch)
        let header = try PatchHeader(of: file)
        let all = try BaseReads.all(of: file, header, window: window)
        let reads = try #require(all?.first)
        let source = StoredSource(try store.reader(staged: store.stage(bytes)))
        let base = try StreamedBase(
            source,
            size: header.bases[0].size,
            reads: reads,
            window: window,
            store: store
        )
        return (base, reads)
    }

    private func apply(_ patch: [UInt8], to base: StreamedBase) throws(PatchError) -> [UInt8] {
        var made: [UInt8] = []
        try PatchDecoder(MemoryBytes(patch), bases: [base]).run { made += $0 }
        return made
    }

    /// Files in the same order need no temporary file; others do.
    @Test(arguments: [0, 1, 1000, 300_000, 16 << 20])
    func anyOrder(window: Int) throws {
        let orders = [Self.members, Self.members.reversed(), Self.members + Self.members]
        for (number, members) in orders.enumerated() {
            let target = TarBuilder.tar(members)
            let patch = try patch(target)
            let (base, reads) = try open(Self.base, for: patch, window: window)
            #expect(reads.late.isEmpty == (number == 0 || window == 16 << 20))
            #expect(try apply(patch, to: base) == target)
            #expect(base.failure == nil)
        }
        // Only the staged bases are left.
        let files = try Tree.snapshot(folder.path).keys.filter { $0.hasPrefix(".regstatic/tmp/") }
        #expect(files.count == orders.count)
    }

    @Test func aShortBaseIsNoticed() throws {
        let patch = try patch(Self.base)
        let (base, _) = try open(Array(Self.base.dropLast(20_000)), for: patch, window: 1000)
        #expect(throws: PatchError.stream(.truncated)) { try apply(patch, to: base) }
        #expect(base.failure == .truncated)
    }
}
