// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import CLinux
import Glibc
import OCI
import Store
import Streams
import TestSupport
import Testing

/// Nothing below a folder leads out of it, whichever call is asked.
@Suite struct LinkTests {
    private let scratch: TemporaryFolder
    private let folder: Folder

    /// A folder with links to a file, to a folder, and from deep inside, all of them out.
    init() throws {
        scratch = try TemporaryFolder()
        try scratch.write("outside/file", "secret")
        try scratch.write("outside/deep/file", "secret")
        try scratch.write("site/own/file", "own")
        try scratch.makeLink("site/link", to: "../outside")
        try scratch.makeLink("site/own/link", to: scratch["outside"])
        try scratch.makeLink("site/file", to: "../outside/file")
        folder = try Folder(scratch["site"], creating: false)
    }

    /// Every call that takes a path, on a path through a link.
    private static let calls: [(name: String, call: @Sendable (Folder, String) throws -> Void)] = [
        ("status", { _ = try $0.status("\($1)/file") }),
        ("linkTarget", { _ = try $0.linkTarget("\($1)/file") }),
        ("contents", { _ = try $0.contents("\($1)/file", limit: 100) }),
        ("reader", { _ = try $0.reader("\($1)/deep/file") }),
        ("names", { _ = try $0.names(in: $1) }),
        ("names below", { _ = try $0.names(in: "\($1)/deep") }),
        ("files", { _ = try $0.files(below: $1) }),
        ("makeFolders", { try $0.makeFolders("\($1)/new/er") }),
        ("makeFolders there", { try $0.makeFolders("\($1)/deep") }),
        ("makeFolders link", { try $0.makeFolders($1) }),
        ("write", { try $0.write([FileContent("\($1)/file", [1])]) }),
        ("write new", { try $0.write([FileContent("\($1)/new", [1])]) }),
        ("writeOnce", { try $0.writeOnce([FileContent("\($1)/new", [1])]) }),
        ("link", { try $0.put([LinkContent("\($1)/new", target: "x")]) }),
        ("linkOnce", { try $0.linkOnce([LinkContent("\($1)/new", target: "x")]) }),
        ("remove", { _ = try $0.remove(present: ["\($1)/file"]) }),
        ("remove emptying", { _ = try $0.removeEmptying(["\($1)/deep/file"]) }),
    ]

    @Test(arguments: calls.indices, ["link", "own/link"])
    func throughALink(_ index: Int, _ link: String) throws {
        try folder.makeFolders(".regstatic/tmp")
        let before = try scratch.snapshot("outside")
        let (name, call) = Self.calls[index]
        let error = FileError("enter", "\(folder.path)/\(link)", code: ELOOP)
        #expect(throws: error, "\(name)") { try call(folder, link) }
        #expect(try scratch.snapshot("outside") == before, "\(name)")
    }

    /// What can't say why does nothing.
    @Test func silentCalls() throws {
        try scratch.makeFolder("outside/empty")
        let before = try scratch.snapshot("outside")
        #expect(!folder.removeFolder("link/empty"))
        folder.clear("link")
        folder.clear("own")
        #expect(try scratch.snapshot("outside") == before)
        #expect(!scratch.exists("site/own/link"), "the link itself goes")
    }

    /// A link in the place of a file is replaced or removed, and its target stays.
    @Test func aLinkAtThePathsEnd() throws {
        try folder.makeFolders(".regstatic/tmp")
        #expect(try folder.contents("file", limit: 100) == nil)
        #expect(try folder.status("file") == .link)
        try folder.write([FileContent("file", [1])])
        #expect(try scratch.read("site/file") == [1])
        #expect(try folder.remove(present: ["own/link"]) == 1)
        #expect(try scratch.text("outside/file") == "secret")
        #expect(scratch.exists("outside/deep/file"))
    }

    @Test(arguments: ["..", "../outside/file", "own/../../outside/file", "own/.."])
    func upwards(_ path: String) throws {
        try folder.makeFolders(".regstatic/tmp")
        let before = try scratch.snapshot("outside")
        #expect(throws: FileError.self) { try folder.contents("\(path)/x", limit: 100) }
        #expect(throws: FileError.self) { try folder.write([FileContent(path, [1])]) }
        #expect(throws: FileError.self) { try folder.remove(present: [path]) }
        #expect(try scratch.snapshot("outside") == before)
    }

    @Test func theFolderItselfMayBeALink() throws {
        let folder = try Folder(scratch["site/link"], creating: false)
        #expect(try folder.contents("deep/file", limit: 100) == Array("secret".utf8))
    }

    @Test func theLockIsNotBehindALink() throws {
        let error = FileError("enter", "\(folder.path)/link", code: ELOOP)
        #expect(throws: error) { try SiteLock(folder, path: "link/lock") }
        #expect(throws: error) { try SiteLock.whileReading(folder, path: "link/file") }
        #expect(throws: FileError.self) { try SiteLock(folder, path: "file") }
        #expect(try scratch.text("outside/file") == "secret")
    }

    /// Kernels before 5.6 have no openat2: there, the path is walked to the same ends.
    @Test(
        arguments: [
            ("own", 0), ("own/", 0), ("./own", 0), ("own/./", 0), (".", 0), ("link", ELOOP),
            ("own/link", ELOOP), ("link/deep", ELOOP), ("own/link/deep", ELOOP),
            ("own/file", ENOTDIR),
            ("own/file/x", ENOTDIR), ("absent", ENOENT), ("own/absent", ENOENT),
            ("../outside", EXDEV), ("own/..", EXDEV),
            ("own/../../outside", EXDEV), (String(repeating: "n", count: 300), ENAMETOOLONG),
        ] as [(String, Int32)]
    )
    func bothWaysToOpenAFolder(_ path: String, _ code: Int32) throws {
        let root = open(folder.path, O_RDONLY | O_DIRECTORY)
        try #require(root >= 0)
        defer { close(root) }
        for way in [linux_open_folder_below, linux_walk_folder_below] {
            let opened = way(root, path)
            let found = opened < 0 ? errno : 0
            #expect(found == code, "\(path): \(String(cString: strerror(found)))")
            if opened >= 0 { close(opened) }
        }
    }
}
