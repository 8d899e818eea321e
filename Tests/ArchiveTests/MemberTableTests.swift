// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Testing

/// A table of files (`nil`), symbolic links, and hard links (`=target`).
private func table(_ members: KeyValuePairs<String, String?>) throws -> MemberTable {
    var table = MemberTable()
    for (name, target) in members {
        let path = try #require(MemberPath(name))
        guard let target else {
            table.insert(.file(MemberFile(path: path, size: 1, location: 0)), at: path)
            continue
        }
        guard target.hasPrefix("=") else {
            table.insert(.symbolicLink(target), at: path)
            continue
        }
        table.insert(.hardLink(try #require(MemberPath(String(target.dropFirst())))), at: path)
    }
    return table
}

private func fault(_ table: MemberTable, _ path: String) -> MemberError? {
    do {
        _ = try table.file(path)
        return nil
    } catch {
        return error
    }
}

@Suite struct MemberTableTests {
    /// Docker 1.10 to 24 link a layer to the first one of the same content, podman likewise.
    @Test(arguments: [
        "file", "forward", "backward", "up/link", "several", "absolute", "hard", "hard2",
        "soft-to-hard", "hard-to-soft", "folder/file", "nested/x", "dotted", "deep/er/link",
    ])
    func leadsToTheFile(_ name: String) throws {
        let members = try table([
            "forward": "file", "several": "hop1", "hop1": "hop2", "hop2": "./up/../up/link",
            "file": nil, "backward": "file", "up/link": "../file", "absolute": "/file",
            "hard": "=file", "hard2": "=hard", "soft-to-hard": "hard", "hard-to-soft": "=forward",
            "folder": ".//self", "self/file": "../file", "nested": "folder", "self/x": "file",
            "dotted": "./././file", "deep/er/link": "../../file",
        ])
        #expect(try members.file(name).path.description == "file")
        #expect(members.contains(name))
    }

    @Test func saysWhatIsMissing() throws {
        let members = try table(["a": "gone", "b": "=gone", "c": "a", "folder": "nowhere"])
        for name in ["gone", "a", "b", "c", "folder/x"] {
            #expect(fault(members, name) == .missing(try #require(MemberPath(name))))
            #expect(!members.contains(name))
        }
        #expect(fault(MemberTable(), "a") == .missing(try #require(MemberPath("a"))))
    }

    @Test(arguments: ["self", "a", "b", "hard", "x/y", "growing/file"])
    func loopsEnd(_ name: String) throws {
        let members = try table([
            "self": "self", "a": "b", "b": "a", "hard": "=hard", "x": "x", "growing": "growing/g",
        ])
        #expect(fault(members, name) == .linkLoop(try #require(MemberPath(name))))
    }

    /// 63 hops are followed; an archive with more is not an honest one.
    @Test func hopsAreBounded() throws {
        var members = try table(["0": nil])
        for hop in 1...70 {
            members.insert(.symbolicLink("\(hop - 1)"), at: try #require(MemberPath("\(hop)")))
        }
        #expect(try members.file("63").path.description == "0")
        #expect(fault(members, "64") == .linkLoop(try #require(MemberPath("64"))))
    }

    @Test(arguments: [("a", "../x"), ("b", "d/../../x"), ("c", "/../x"), ("d/e/f", "../../../x")])
    func linksOutsideAreRefused(_ name: String, _ target: String) throws {
        var members = try table(["x": nil])
        let path = try #require(MemberPath(name))
        members.insert(.symbolicLink(target), at: path)
        #expect(fault(members, name) == .linkOutside(path, target: target))
    }

    @Test func folderLinksOutsideAreRefused() throws {
        let members = try table(["d": "../etc", "e": "/"])
        #expect(
            fault(members, "d/passwd")
                == .linkOutside(try #require(MemberPath("d/passwd")), target: "../etc")
        )
        #expect(fault(members, "e/passwd") != nil)
    }

    @Test(arguments: ["/a", "../a", "b/../a", "", "."])
    func documentsMayNotLeaveTheRoot(_ text: String) throws {
        #expect(fault(try table(["a": nil, "b/c": nil]), text) == .invalidPath(text))
    }

    @Test func devicesAreNoFiles() throws {
        var members = try table(["link": "dev"])
        let device = try #require(MemberPath("dev"))
        members.insert(.special, at: device)
        #expect(fault(members, "dev") == .special(device))
        #expect(fault(members, "link") == .special(try #require(MemberPath("link"))))
    }

    @Test func theLastOfANameWins() throws {
        var members = try table(["a": "b", "b": nil])
        let path = try #require(MemberPath("a"))
        members.insert(.file(MemberFile(path: path, size: 7, location: 512)), at: path)
        #expect(try members.file("./a").size == 7)
        #expect(members.count == 2)
    }
}

@Suite struct WrappingFolderTests {
    private func unwrapped(_ members: KeyValuePairs<String, String?>) throws -> MemberTable? {
        let table = try table(members)
        return table.dropping(table.wrappingFolders)
    }

    @Test(arguments: ["", "a/", "home/me/backup of/"]) func areTakenAway(_ around: String) throws {
        let table = try table([
            "\(around)save/manifest.json": nil, "\(around)save/l/1": "../2",
            "\(around)save/2": nil, "\(around)save/3": "=\(around)save/2",
            "\(around)save/4": "/\(around)save/2", "\(around)save/5": "/2",
        ])
        #expect(table.wrappingFolders.joined(separator: "/") == "\(around)save")
        let inner = try #require(table.dropping(table.wrappingFolders))
        #expect(inner.count == 6)
        // The file keeps the name that the archive gives it, for messages.
        for name in ["l/1", "2", "3", "4", "5"] {
            #expect(try inner.file(name).path.description == "\(around)save/2")
        }
        #expect(inner.contains("manifest.json"))
        #expect(!inner.contains("save/manifest.json"))
    }

    @Test func existOnlyIfTheyWrapAll() throws {
        #expect(MemberTable().wrappingFolders.isEmpty)
        #expect(try table(["manifest.json": nil]).wrappingFolders.isEmpty)
        #expect(try table(["a/x": nil, "b/x": nil]).wrappingFolders.isEmpty)
        #expect(try table(["a/x": nil, "b": nil]).wrappingFolders.isEmpty)
        #expect(try table(["a/b/x": nil, "a/c/x": nil]).wrappingFolders == ["a"])
        #expect(try table(["a/b/x": nil, "a/b": "b"]).wrappingFolders == ["a"])
        #expect(try unwrapped(["a/x": "=b/x", "a/y": nil]) == nil)
    }

    @Test func earlierFilesStayKnown() throws {
        let table = try table(["a/x": nil, "a/y": nil, "a/x": nil])
        #expect(table.earlier("a/x").count == 1)
        #expect(table.earlier("a/y").isEmpty)
        #expect(table.repeatedNames == ["a/x"])
        let inner = try #require(table.dropping(["a"]))
        #expect(inner.earlier("x").count == 1)
        #expect(inner.repeatedNames == ["a/x"])
    }
}
