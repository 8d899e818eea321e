// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import SiteModel
import ClientKit
import Glibc
import HTTP
import OCI
import Site
import SiteTestSupport
import Store
import Streams
import Testing

@testable import Commands

@Suite struct ErrorTextTests {
    static func name(_ text: String) -> RepositoryName {
        guard let name = RepositoryName(text) else { preconditionFailure("a valid name") }
        return name
    }

    static let errors: [(any Error, [String])] = refusals + damage

    /// What leaves a site as it was, with exit code 1.
    static let refusals: [(any Error, [String])] = [
        (
            clash(["x.tar"], ["y.tar", "-"]),
            [
                "a (from x.tar)", "a/tags/b (from y.tar, standard input)",
                "belongs to the API of a",
                "regstatic build y.tar - --prefix PREFIX -o SITE",
            ]
        ),
        (clash(["x.tar"], []), ["a/tags/b (already in the site)", "build x.tar --prefix"]),
        (clash(["x.tar"], ["x.tar"]), ["images of a/tags/b another name", "docker tag"]),
        (NamingError.reservedName(name("index.html")), ["index.html", "--prefix"]),
        (
            NamingError.notPortable(name("aux/con"), reserved: ["aux", "con"]),
            ["Windows reserves the names aux and con", "remove SITE aux/con:TAG"]
        ),
        (NamingError.tagsDifferByCase(name("a"), .fixed, .fixed), ["by case", "remove SITE a:1"]),
        (NamingError.invalidName("No"), ["No", "lower-case", "--keep-host", "--prefix"]),
        (NamingError.ambiguousName("x:1", images: 3), ["--name x:1", "3 images", "FILE="]),
        (NamingError.unusedName("x:1"), ["--name x:1", "matches no image"]),
        (
            NamingError.unknownInput("f=x:1"),
            ["--name f=x:1", "no input of this name", "file name"]
        ),
        (NamingError.tooManyImages(7, limit: 5), ["7 images", "at most 5", "several sites"]),
        (NamingError.tooManyRepositories(7, limit: 5), ["7 repositories", "at most 5"]),
        (NamingError.tooManyMirrors(limit: 7), ["7 registries", "several sites"]),
        (LookupError.noSuchImage(reference, present: []), ["no a:1", "regstatic list"]),
        (LookupError.noSuchImage(reference, present: ["a:2"]), ["no a:1", "a:2 of a"]),
        (LookupError.noSuchPlatform("a:1", arm, present: []), ["a:1 for linux/arm64", "artifact"]),
        (LookupError.noSuchPlatform("a:1", arm, present: [arm]), ["has it for linux/arm64"]),
        (
            LookupError.needed(reference, by: ["a:2"]),
            ["a:1 can't be removed", "needed by a:2", "First remove"]
        ),
        (PolicyRefusal.strict, ["nothing was changed", "--strict"]),
        (PolicyRefusal.unserved([]), ["pins", "--strict"]),
        (PolicyRefusal.foreign([]), ["can't pull", "docker-archive:FILE.tar", "--strict"]),
        (PolicyRefusal.noWantedPlatform([arm], present: []), ["linux/arm64", "save them again"]),
        (PolicyRefusal.mirrorOfRefused, ["--mirror would remove"]),
        (PolicyRefusal.declined, ["nothing was changed", "--yes"]),
        (PolicyRefusal.outputInSite("s/index.json"), ["s/index.json", "another folder"]),
    ]

    /// What makes a folder useless as a site, with exit code 4.
    static let damage: [(any Error, [String])] = [
        (LayoutError.otherLayout("s", .portable), ["portable layout", "--layout plain"]),
        (
            LayoutError.plainRefused("s", FileError("link", "s/x", code: EPERM)),
            ["not permitted", "portable layout"]
        ),
        (LayoutError.unknownLayout("cubic"), ["cubic", "newer version"]),
        (SiteDamage.absent("dir"), ["no folder dir", "mounted", "build ARCHIVE -o dir"]),
        (SiteDamage.occupied("a b"), ["-o a b: the folder has other files", "-o 'a b/site'"]),
        (SiteDamage.notAFolder("x.tar"), ["-o x.tar is a file", "-o site"]),
        (FileError("open", "s", code: EACCES), ["may read it"]),
        (FileError("create", "s", code: EACCES), ["may write to"]),
        (FileError(TemporaryFiles.operation, "/tmp", code: EACCES), ["export TMPDIR=FOLDER"]),
        (SiteDamage.notASite("dir"), ["dir", "after -o", "regstatic build dir -o SITE"]),
        (SiteDamage.notBuilt("s"), ["s is not a site yet", "regstatic build ARCHIVE -o s"]),
        (SiteDamage.linkInSite("s/blobs"), ["s/blobs is a symbolic link", "mount --bind"]),
        (
            SiteDamage.lostIndex("s", isRecoverable: true),
            ["index.json", "missing", "regstatic build s -o NEW"]
        ),
        (
            SiteDamage.lostIndex("s", isRecoverable: false),
            ["index.json is missing", "from the archives"]
        ),
        (SiteDamage.index(.notAFile), ["index.json", "regular file", "Restore"]),
        (SiteDamage.index(.notAList), ["index.json", "list of manifests", "Restore"]),
        (SiteDamage.index(.unmarked("mark")), ["another program", "mark", "Restore"]),
        (SiteDamage.index(.unnamedEntry), ["an entry", "Restore"]),
        (SiteDamage.index(.entryName("x")), ["name x", "Restore"]),
        (SiteDamage.kitSettings(.authority), ["index.json", "CA", "Restore"]),
        (SiteDamage.unlisted("s", ["a:1"]), ["s/index.json lacks", "a:1", "content-types.json"]),
        (damaged(.blob(.missing(one))), ["its blob is missing", "verify"]),
        (damaged(.json(JSONError(reason: .tooDeep(limit: 7), offset: 1))), ["JSON", "7"]),
        (damaged(.manifest(.field("config"))), ["config is missing"]),
        (damaged(.tooDeep), ["nested too deep"]),
        (damaged(.lost), ["an index lists it"]),
        (
            SiteDamage.lostManifest(
                LostManifest(
                    site: "a b",
                    digest: one,
                    images: ["t/a:1", "t/a:2"],
                    inputs: ["x y.tar"]
                )
            ),
            [
                "a b: the manifest of t/a:1, t/a:2 is missing", "\(one)",
                "regstatic build 'x y.tar' -o 'a b'.",
                "regstatic remove 'a b' t/a:1 t/a:2 --prune --now",
            ]
        ),
        (
            SiteDamage.lostManifest(
                LostManifest(site: "s", digest: one, images: ["t/a:1"], inputs: [])
            ),
            ["regstatic build ARCHIVE -o s"]
        ),
    ]

    private static func clash(_ outer: [String], _ inner: [String]) -> NamingError {
        var clash = RepositoryClash(
            outer: RepositoryClash.Side(name("a")),
            inner: RepositoryClash.Side(name("a/tags/b"))
        )
        (clash.outer.inputs, clash.inner.inputs) = (outer, inner)
        clash.inner.isInSite = inner.isEmpty
        return .repositoryClash(clash)
    }

    private static let one = Digest(of: [1])
    private static let arm = Platform(
        os: "linux",
        architecture: "arm64",
        variant: nil,
        osVersion: nil
    )
    private static var reference: SiteReference {
        guard let reference = SiteReference("a:1") else { preconditionFailure("a valid reference") }
        return reference
    }

    private static func damaged(_ damage: ManifestDamage) -> SiteDamage {
        .manifest(Digest(of: []), damage)
    }

    @Test(arguments: errors.indices) func siteErrors(_ index: Int) {
        let (error, parts) = Self.errors[index]
        let text = ErrorText(error)
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(text.lines.hasPrefix("error: "))
        #expect(text.remedy != nil)
        for word in ["Error", "Damage", "Refusal", "unexpected", "Optional", "Digest("] {
            #expect(!text.lines.contains(word), "\(text.lines)")
        }
    }

    @Test(
        arguments: [
            (ENOSPC, "Free some space"), (EDQUOT, "Free some space"), (EROFS, "write to"),
            (EACCES, "write to"), (EPERM, "write to"), (EIO, "medium may be failing"),
            (EEXIST, "Move it away"), (EMFILE, nil),
        ] as [(Int32, String?)]
    )
    func fileErrors(_ code: Int32, _ remedy: String?) {
        let text = ErrorText(FileError("rename", "/srv/site/x", code: code) as any Error)
        #expect(text.what.hasPrefix("can't rename /srv/site/x: "))
        #expect(text.what.hasSuffix(String(cString: strerror(code))))
        if let remedy {
            #expect(text.remedy?.contains(remedy) == true)
        } else {
            #expect(text.remedy == nil)
        }
    }

    @Test(
        arguments: [
            (.unreachable, "running"), (.notTLS, "http://"), (.certificate, "--cacert"),
            (.broken, "web server"), (.library, "Install libcurl"),
        ] as [(TransferError.Kind, String)]
    )
    func transferErrors(_ kind: TransferError.Kind, _ remedy: String) {
        let error = TransferError(kind, "why")
        let text = ErrorText(error as any Error)
        #expect(text.what.hasSuffix(": why"))
        #expect(text.remedy?.contains(remedy) == true)
        #expect(ExitCodes.code(for: error) == ExitCodes.program)
    }

    @Test func exitCodes() {
        #expect(ExitCodes.code(for: FileError("write", "x", code: EIO)) == ExitCodes.output)
        for (error, _) in Self.refusals { #expect(ExitCodes.code(for: error) == ExitCodes.refused) }
        for (error, _) in Self.damage where error as? SiteDamage != .notBuilt("s") {
            #expect(ExitCodes.code(for: error) == ExitCodes.output)
        }
        #expect(ExitCodes.code(for: SiteDamage.notBuilt("s")) == ExitCodes.unfinished)
    }
}

extension OCI.Tag {
    fileprivate static var fixed: OCI.Tag {
        guard let tag = OCI.Tag("1") else { preconditionFailure("a valid tag") }
        return tag
    }
}
