// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
@testable import Store
import Streams
import Testing
import TestSupport

/// What fits on a medium.
@Suite struct DiskSpaceTests {
    private let room = DiskSpace(free: 1000, largestFile: 400)

    @Test(arguments: [[], [0], [400], [400, 400, 200]])
    func fits(_ sizes: [Int]) throws { try room.check(sizes) }

    @Test func tooMuch() {
        #expect(throws: FileError.Shortage(kind: .space, needed: 1001, available: 1000)) {
            try room.check([400, 400, 201])
        }
        #expect(throws: FileError.Shortage(kind: .space, needed: .max, available: 1000)) {
            try DiskSpace(free: 1000, largestFile: .max).check([.max, .max, .max])
        }
    }

    @Test func tooLarge() {
        #expect(throws: FileError.Shortage(kind: .fileSize, needed: 401, available: 400)) {
            try room.check([1, 401])
        }
    }

    @Test func ofARealFolder() throws {
        let site = try TemporaryFolder()
        let folder = try Folder(site.path, creating: false)
        let room = try folder.room()
        #expect(room.free > 0)
        #expect(room.largestFile > 1 << 32)
        let store = BlobStore(folder)
        let absent = Digest(of: Array("absent".utf8))
        try store.checkRoom(for: [absent: 1])
        let error = #expect(throws: FileError.self) {
            try store.checkRoom(for: [absent: .max / 2])
        }
        #expect(error?.isDiskFull == true)
        #expect(error?.shortage?.needed == .max / 2)
    }

    @Test func mediumThatHoldsEverything() throws {
        let site = try TemporaryFolder()
        let store = BlobStore(try Folder(site.path, creating: false))
        try store.prepare()
        #expect(store.refusalOfPlainNames() == nil)
        #expect(try site.snapshot().keys.filter { $0.contains("probe") } == [])
    }
}
