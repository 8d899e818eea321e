// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Dispatch
import Glibc
import Store
import Streams
import Synchronization
import Testing
import TestSupport

/// What changes when a file is written again.
private struct Identity: Equatable {
    let inode: UInt
    let seconds: Int
    let nanoseconds: Int
    let changed: Int

    init(_ path: String) throws {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        inode = UInt(status.st_ino)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        changed = status.st_ctim.tv_nsec
    }
}

@Suite struct AtomicWriteTests {
    private let site: TemporaryFolder
    private let folder: Folder

    init() throws {
        site = try TemporaryFolder()
        folder = try Folder(site.path, creating: false)
        try BlobStore(folder).prepare()
    }

    private func content(_ name: String, _ text: String) -> FileContent {
        FileContent(name, Array(text.utf8))
    }

    private var staging: [String] {
        get throws { try site.snapshot(".regstatic/tmp").keys.sorted() }
    }

    @Test(arguments: [true, false])
    func filesGetTheirContent(_ flushing: Bool) throws {
        let files = [content("a", "one"), content("b", ""), content("blobs/c", "three")]
        #expect(try folder.write(files, flushing: flushing) == 3)
        #expect(try site.text("a") == "one")
        #expect(try site.text("b") == "")
        #expect(try site.text("blobs/c") == "three")
        #expect(try staging.isEmpty)
    }

    @Test func whatIsRightIsLeftAlone() throws {
        try folder.write([content("a", "one"), content("b", "two")])
        let before = try ["a", "b"].map { try Identity(site[$0]) }
        #expect(try folder.write([content("a", "one"), content("b", "2wo")]) == 1)
        #expect(try Identity(site["a"]) == before[0])
        #expect(try Identity(site["b"]) != before[1])
        #expect(try site.text("b") == "2wo")
        #expect(try folder.write([content("a", "one"), content("b", "2wo")]) == 0)
        #expect(try folder.write([]) == 0)
    }

    /// A server that has the old file open goes on reading it.
    @Test func anOpenFileKeepsItsOldContent() throws {
        try folder.write([content("a", "old")])
        let reader = try #require(try folder.reader("a"))
        try folder.write([content("a", "newer")])
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 10, alignment: 1)
        defer { room.deallocate() }
        let count = try reader.read(into: room)
        #expect(Array(room[..<count]) == Array("old".utf8))
    }

    @Test func aLinkInTheWayIsReplacedNotFollowed() throws {
        try site.write("target", "untouched")
        try site.makeLink("a", to: "target")
        #expect(try folder.write([content("a", "untouched")]) == 1)
        #expect(try folder.status("a") == .file(size: 9))
        try folder.write([content("a", "new")])
        #expect(try site.text("target") == "untouched")
    }

    @Test func aFolderInTheWayIsAnError() throws {
        try site.write("a/b", "x")
        #expect(throws: FileError.self) { try folder.write([content("a", "y")]) }
        #expect(try site.text("a/b") == "x")
    }

    @Test func foldersMustExist() {
        #expect(throws: FileError.self) { try folder.write([content("absent/a", "y")]) }
    }

    @Test func linksGetTheirTargets() throws {
        let links = [LinkContent("a", target: "x"), LinkContent("b", target: "../gone/y")]
        #expect(try folder.put(links) == 2)
        #expect(try folder.linkTarget("a") == "x")
        #expect(try folder.linkTarget("b") == "../gone/y")
        #expect(try staging.isEmpty)
    }

    @Test func rightLinksAreLeftAlone() throws {
        try folder.put([LinkContent("a", target: "x"), LinkContent("b", target: "y")])
        let before = try ["a", "b"].map { try Identity(site[$0]) }
        let changed = [LinkContent("a", target: "x"), LinkContent("b", target: "z")]
        #expect(try folder.put(changed) == 1)
        #expect(try Identity(site["a"]) == before[0])
        #expect(try Identity(site["b"]) != before[1])
        #expect(try folder.linkTarget("b") == "z")
        #expect(try folder.put(changed) == 0)
    }

    @Test func aFolderInTheWayBecomesALink() throws {
        try site.write("a/b/c", "x")
        #expect(try folder.put([LinkContent("a", target: "b")]) == 1)
        #expect(try folder.linkTarget("a") == "b")
        #expect(try staging.isEmpty)
    }

    @Test func aFileInTheWayBecomesALink() throws {
        try site.write("a", "file")
        try folder.put([LinkContent("a", target: "b")])
        #expect(try folder.status("a") == .link)
        #expect(try folder.linkTarget(".regstatic") == nil)
    }

    /// A client in the middle of an update sees the old tag or the new one, never none.
    @Test func readersNeverMissALink() throws {
        try folder.put([LinkContent("tag", target: "0")])
        try folder.write([content("list", "0")])
        let ended = Atomic<Bool>(false)
        let missed = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 2) { thread in
            guard thread == 0 else {
                while !ended.load(ordering: .acquiring) {
                    let list = try? folder.contents("list", limit: 100)
                    let target = try? folder.linkTarget("tag")
                    if (target ?? nil) == nil || list?.isEmpty != false {
                        missed.add(1, ordering: .relaxed)
                    }
                }
                return
            }
            for turn in 1...300 {
                _ = try? folder.put([LinkContent("tag", target: "\(turn)")])
                _ = try? folder.write([content("list", "\(turn)")], flushing: false)
            }
            ended.store(true, ordering: .releasing)
        }
        #expect(missed.load(ordering: .relaxed) == 0)
        #expect(try folder.linkTarget("tag") == "300")
        #expect(try site.text("list") == "300")
    }
}
