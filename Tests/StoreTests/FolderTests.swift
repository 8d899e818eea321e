// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Glibc
import Store
import Streams
import Testing
import TestSupport

@Suite struct FolderTests {
    private let site: TemporaryFolder
    private let folder: Folder

    init() throws {
        site = try TemporaryFolder()
        folder = try Folder(site.path, creating: false)
    }

    @Test func opensOrCreates() throws {
        #expect(throws: FileError("open", site["a/b"], code: ENOENT)) {
            try Folder(site["a/b"], creating: false)
        }
        for path in ["a/b", "a/b", "c/d/"] {
            #expect(try Folder(site[path], creating: true).path == site[path])
        }
        try site.write("file", "x")
        #expect(throws: FileError.self) { try Folder(site["file"], creating: true) }
        #expect(throws: FileError.self) { try Folder(site["file/below"], creating: true) }
    }

    @Test func makesFoldersAboveAndKeepsWhatIsThere() throws {
        try folder.makeFolders("a/b/c/d")
        try folder.makeFolders("a/b/x")
        try folder.makeFolders("a")
        #expect(try site.snapshot().keys.sorted() == ["a", "a/b", "a/b/c", "a/b/c/d", "a/b/x"])
    }

    @Test func aFileOrLinkInTheWayIsAnError() throws {
        try site.write("file", "x")
        try site.makeFolder("real")
        try site.makeLink("link", to: "real")
        for path in ["file", "file/below", "link"] {
            #expect(throws: FileError.self) { try folder.makeFolders(path) }
        }
    }

    @Test func status() throws {
        try site.write("d/f", "abc")
        try site.makeLink("l", to: "d/f")
        try #require(mkfifo(site["p"], 0o600) == 0)
        #expect(try folder.status("d/f") == .file(size: 3))
        #expect(try folder.status("d") == .folder)
        #expect(try folder.status("l") == .link)
        #expect(try folder.status("p") == .other)
        #expect(try folder.status("absent") == nil)
        #expect(try folder.status("d/f/below") == nil)
    }

    @Test func namesAreSortedBytewise() throws {
        for name in ["b", "a-b", "a", "B", "é", "a.b", "a_b", "10", "9"] {
            try site.write("d/\(name)", "")
        }
        #expect(
            try folder.names(in: "d") == ["10", "9", "B", "a", "a-b", "a.b", "a_b", "b", "é"]
        )
        #expect(try folder.names(in: "absent").isEmpty)
        #expect(throws: FileError("open", site["d/a"], code: ENOTDIR)) {
            try folder.names(in: "d/a")
        }
    }

    @Test func filesBelow() throws {
        for path in ["d/b/c", "d/a", "d/b/a", "e/x"] { try site.write(path, "") }
        try site.makeFolder("d/empty")
        try site.makeLink("d/link", to: "../e")
        #expect(try folder.files(below: "d") == ["d/a", "d/b/a", "d/b/c", "d/link"])
        #expect(try folder.files(below: "absent").isEmpty)
    }

    @Test func contentsAreBounded() throws {
        try site.write("f", "abc")
        try site.makeLink("l", to: "f")
        #expect(try folder.contents("f", limit: 3) == Array("abc".utf8))
        #expect(try folder.contents("f", limit: 2) == nil)
        #expect(try folder.contents("absent", limit: 9) == nil)
        #expect(try folder.contents("l", limit: 9) == nil)
        #expect(try folder.contents(".", limit: 9) == nil)
    }

    @Test func longLinkTargets() throws {
        let target = String(repeating: "t", count: 4000)
        try site.makeLink("l", to: target)
        #expect(try folder.linkTarget("l") == target)
        #expect(try folder.linkTarget("absent") == nil)
    }

    @Test func errorsSayWhat() {
        let full = FileError("write", "a", code: ENOSPC)
        #expect(full.isDiskFull)
        #expect(!full.isReadOnly)
        #expect(full.reason == "No space left on device")
        for code in [EROFS, EACCES, EPERM] {
            #expect(FileError("write", "a", code: code).isReadOnly)
        }
    }
}

/// In processes of their own: the umask belongs to a process.
@Suite struct ModeTests {
    @Test func modesDoNotDependOnTheUmask() async {
        await #expect(processExitsWith: .success) {
            umask(0o077)
            let site = try TemporaryFolder()
            let folder = try Folder(site.path, creating: false)
            let store = BlobStore(folder)
            try store.prepare()
            try store.commit([try store.stage([1])])
            try folder.makeFolders("v2/a/b")
            try folder.write([FileContent("v2/a/b/c", [1])])
            for (path, entry) in try site.snapshot() {
                switch entry {
                case .file(_, let mode): #expect(mode == 0o644, "\(path)")
                case .folder(let mode): #expect(mode == 0o755, "\(path)")
                default: Issue.record("\(path)")
                }
            }
        }
    }

    @Test func nobodyElseMayWriteEvenIfTheUmaskWould() async {
        await #expect(processExitsWith: .success) {
            umask(0)
            let site = try TemporaryFolder()
            let folder = try Folder(site.path, creating: false)
            try BlobStore(folder).prepare()
            try folder.write([FileContent("a", [1])])
            let entries = try site.snapshot()
            #expect(entries["a"] == .file([1], mode: 0o644))
            #expect(entries["blobs/sha256"] == .folder(mode: 0o755))
        }
    }

    /// The server, another user, must be able to enter the site's own folder too.
    @Test func theSitesFolderItselfDoesNotDependOnTheUmask() async {
        await #expect(processExitsWith: .success) {
            umask(0o077)
            let parent = try TemporaryFolder()
            _ = try Folder(parent["srv/site"], creating: true)
            for path in ["srv", "srv/site"] {
                #expect(try parent.snapshot()[path] == .folder(mode: 0o755))
            }
        }
    }
}
