// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Glibc
import Streams
import Testing
import TestSupport

@Suite struct InputFileTests {
    @Test func tellsFilesFromFolders() throws {
        let folder = try TemporaryFolder()
        guard case .file(let size) = try InputFile(path: try folder.write("f", "abc")).kind,
            case .folder = try InputFile(path: folder.path).kind
        else {
            Issue.record("a file or folder was taken for something else")
            return
        }
        #expect(size == 3)
    }

    @Test func saysWhyItCannotOpen() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ArchiveError.system(operation: "open", errno: 2)) {
            try InputFile(path: folder["absent"])
        }
    }

    @Test func rangesEndWhereTheyShould() throws {
        let folder = try TemporaryFolder()
        let file = try InputFile(path: try folder.write("f", "0123456789"))
        let range = FileRange(file, offset: 2, size: 5)
        #expect(try Listing.contents(of: range, pieces: 3) == Array("23456".utf8))
        #expect(try Listing.contents(of: range, pieces: 3).isEmpty)
        #expect(throws: StreamError.truncated) {
            try Listing.contents(of: FileRange(file, offset: 8, size: 3), pieces: 4)
        }
    }

    @Test func doesNotFollowALinkAtThePathsEnd() throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", "x")
        try folder.makeLink("in/link", to: "../secret")
        let root = try InputFile(path: folder["in"])
        let link = try #require(MemberPath("link"))
        #expect(throws: ArchiveError.self) { try root.open(relative: link) }
        #expect(try root.entry("link") == .link)
        #expect(try root.linkTarget("link") == "../secret")
    }

    /// An input folder is no more to be trusted than an archive: it may come from one.
    @Test func doesNotFollowALinkInsideThePath() throws {
        let folder = try TemporaryFolder()
        try folder.write("secret/file", "x")
        try folder.makeLink("in/link", to: "../secret")
        let root = try InputFile(path: folder["in"])
        let path = try #require(MemberPath("link/file"))
        #expect(throws: ArchiveError.self) { try root.open(relative: path) }
        for name in ["link", "link/below"] {
            let path = try #require(MemberPath(name))
            #expect(throws: ArchiveError.link(name)) { try root.folder(path) }
        }
    }

    @Test func listsNames() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/b", "xy")
        try folder.write("d/a/c", "x")
        let root = try InputFile(path: folder.path)
        let path = try #require(MemberPath("d"))
        let inner = try #require(try root.folder(path))
        let (names, failure) = inner.names()
        #expect(names.sorted() == ["a", "b"])
        #expect(failure == nil)
        for name in ["absent", "d/b"] {
            let path = try #require(MemberPath(name))
            let folder = try root.folder(path)
            #expect(folder == nil, "\(name)")
        }
        #expect(try inner.entry("b") == .file(size: 2))
        #expect(try inner.entry("a") == .folder)
        #expect(try inner.entry("absent") == nil)
    }

    /// A pipe of a blob's name would keep whoever opens it waiting.
    @Test func aPipeIsNoFile() throws {
        let folder = try TemporaryFolder()
        try #require(mkfifo(folder["pipe"], 0o600) == 0)
        let root = try InputFile(path: folder.path)
        let path = try #require(MemberPath("pipe"))
        #expect(throws: ArchiveError.self) { try root.open(relative: path) }
    }

    @Test func rewinds() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.tar", TarBuilder.tar([.file("a", "x")]))
        let file = try InputFile(path: path)
        #expect(try Listing.entries(file).count == 1)
        try file.seek(to: 0)
        #expect(try Listing.entries(file).count == 1)
    }
}
