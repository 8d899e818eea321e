// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Glibc
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import Store
import Streams
import Testing

@testable import Commands

/// What the user reads of a refused input: what is wrong, where, and what to do.
@Suite struct SourceErrorTextTests {
    static let one = Digest(of: [1])
    static let two = Digest(of: [2])

    static func path(_ text: String) -> MemberPath {
        guard let path = MemberPath(text) else { preconditionFailure("a valid path") }
        return path
    }

    /// Every kind of fault once, and what its text must have in it.
    static let faults: [(SourceFault, [String])] = archive + members + documents + images

    static let archive: [(SourceFault, [String])] = [
        (.archive(.notAnArchive, member: nil), ["not an archive", "decompress", "docker save"]),
        (.repeated(member: "index.json"), ["index.json", "more than once", "tar -A", "tar -xf"]),
        (.pointer(member: "m"), ["m is a Git LFS pointer", "git lfs pull", "pack it again"]),
        (.stream(.truncated, member: "a.tar"), ["ends early", "a.tar", "Copy"]),
        (.stream(.truncated, member: nil), ["ends early", "cat FILE.* | regstatic build -"]),
        (.parts(["p.aa", "p.ab"]), ["2 parts", "p.aa, p.ab", "cat p.* | regstatic build -"]),
        (.parts(["p.1", "p.10"]), ["cat p.1 p.10 | regstatic build -"]),
        (
            .partlyRead(.stream(.truncated, member: nil)),
            ["ends early", "only its complete", "Copy"]
        ),
        (.stream(.damaged("bad block"), member: "b"), ["damaged", "b", "bad block", "Copy"]),
        (
            .stream(.system(operation: "open", errno: ENOENT), member: nil),
            ["open", "No such file"]
        ),
        (
            .stream(.system(operation: "list", errno: EIO), member: "blobs"),
            ["can't list blobs: Input/output error", "medium"]
        ),
        (.archive(.link("blobs"), member: "blobs"), ["blobs is a symbolic link", "cp -rL"]),
        (
            .archive(.outside(member: "../x"), member: nil),
            ["../x", "out of the archive", "tar -P"]
        ),
        (
            .archive(.unsupported(member: "m", kind: "sparse file"), member: nil),
            ["m", "sparse file", "tar"]
        ),
        (.archive(.limit(what: "members", limit: 7), member: nil), ["7", "members", "trust"]),
        (.notALayout, ["no index.json, manifest.json", "*.tar"]),
        (.nothingServed, ["no tag", "all parts in one command", "skopeo copy"]),
        (.onlyUntagged(count: 2), ["no tag", "2 manifests served by digest", "--untagged keep"]),
        (.noDigest(member: "a/link"), ["a/link", "no digest", "Push"]),
        (.dangling(member: "a/link", one), ["a/link", "\(one)", "lacks", "use both", "push"]),
        (.notAFolder(member: "a/tags"), ["a/tags should be a folder", "Copy"]),
        (.unlisted("a:1", one), ["\(one) as a:1", "index.json", "move index.json away"]),
        (.lostTag("a:1"), ["a:1 is lost", "current/link", "Push"]),
        (.schema1(one), ["\(one)", "schema 1", "Docker", "skopeo copy"]),
        (.manifest(.foreign(.schema1), document: "d"), ["d is a schema 1", "skopeo copy"]),
        (.manifest(.foreign(.artifact), document: "d"), ["d is an artifact", "oras"]),
        (
            .manifest(.foreign(.buildCache), document: "d"),
            ["d is a build cache", "image-manifest=true"]
        ),
        (.noImages, ["manifest.json", "docker save"]),
        (
            .stream(.expansion(.layer, limit: 1_000_000_000_000), member: "m"),
            ["in m", "1 TB", "layer", "Build without"]
        ),
        (
            .stream(.expansion(.run, limit: 16_000_000_000_000), member: nil),
            ["16 TB", "run", "fewer inputs"]
        ),
    ]

    static let members: [(SourceFault, [String])] = [
        (
            .member(.missing(path("a/b")), neededBy: "d"),
            ["d", "a/b", "lacks", "use both", "copy"]
        ),
        (.member(.linkLoop(path("a")), neededBy: "d"), ["a", "back to itself", "trust"]),
        (
            .member(.linkOutside(path("a"), target: "../t"), neededBy: "d"),
            ["a", "../t", "tar -chf"]
        ),
        (
            .member(.danglingLink(path("a"), target: "b"), neededBy: "d"),
            ["a is a link to b", "lacks", "tar -chf", "cp -rL"]
        ),
        (.member(.special(path("a")), neededBy: "d"), ["a", "device", "trust"]),
        (.member(.invalidPath("../a"), neededBy: "d"), ["../a", "d", "trust"]),
    ]

    static let documents: [(SourceFault, [String])] = [
        (
            .json(JSONError(reason: .tooLarge(limit: 4_000_000), offset: 1), document: "d"),
            ["d", "4 MB", "too many images", "several archives"]
        ),
        (.json(JSONError(reason: .tooDeep(limit: 64), offset: 1), document: "d"), ["d", "64"]),
        (.json(JSONError(reason: .tooMany(limit: 65), offset: 1), document: "d"), ["d", "65"]),
        (
            .json(JSONError(reason: .duplicateKey("k"), offset: 9), document: "d"),
            ["d", "\"k\"", "9"]
        ),
        (
            .siteIndex(JSONError(reason: .syntax(expected: "a value"), offset: 3), isFolder: true),
            ["index.json is damaged", "mv index.json /tmp/ && regstatic build . -o ../NEW"]
        ),
        (
            .siteIndex(JSONError(reason: .syntax(expected: "a value"), offset: 3), isFolder: false),
            ["index.json is damaged", "tar -xf", "regstatic build . -o ../NEW"]
        ),
        (
            .json(JSONError(reason: .syntax(expected: "a value"), offset: 3), document: "d"),
            ["d is damaged", "not JSON", "3", "Copy the input again"]
        ),
        (
            .json(
                JSONError(reason: .syntax(expected: "a value"), offset: 3),
                document: one.blobPath
            ),
            ["can't be read", "a value", "3", "Save the image again"]
        ),
        (.manifest(.kind(claimed: "c/t", found: "f/t"), document: "d"), ["d", "c/t", "f/t"]),
        (
            .manifest(.fields(claimed: "c/t", found: .both), document: "d"),
            ["c/t", "image and of an"]
        ),
        (.manifest(.fields(claimed: "c/t", found: .index), document: "d"), ["c/t", "of an index"]),
        (.manifest(.fields(claimed: "c/t", found: .neither), document: "d"), ["c/t", "neither"]),
        (.manifest(.field("config"), document: "d"), ["d", "config", "Save"]),
        (.nullManifest, ["manifest.json", "null", "Save"]),
        (.invalidName("docker.io/Plant/App:1"), ["capital", "--name in.tar=plant/app:1 -o SITE"]),
        (.invalidName("corp:5000/my app:1"), ["character \" \"", "--name in.tar=my-app:1 -o"]),
        (.invalidName("a:v1+b"), ["the tag has the character \"+\"", "in.tar=a:v1-b"]),
        (.invalidName("a:\(String(repeating: "x", count: 140))"), ["140 characters", "128"]),
        (.invalidName("v1+b"), ["the character \"+\"", "--name in.tar=NAME:v1-b"]),
        (.invalidName("a:-1"), ["the tag begins with \"-\""]),
        (.invalidName("a:"), ["the tag is empty"]), (.invalidName("a//b"), ["between slashes"]),
        (.invalidName("a@sha256:1"), ["digest sha256:1 isn't valid"]),
    ]

    @Test func namesThatAPortableSiteLacks() throws {
        let repository = try #require(RepositoryName("aux/nul"))
        let tag = try #require(Tag("Con"))
        func text(_ reason: NameRefusal.Reason) -> ErrorText {
            let refusal = NameRefusal(
                repository,
                tag,
                inputs: ["a b.tar", "c.tar"],
                reason: reason
            )
            return ErrorText(SourceError(refusal))
        }
        let command = "regstatic build 'a b.tar' c.tar -o OTHER --layout plain"
        let reserved = text(.reserved(["aux", "nul"]))
        #expect(reserved.what.hasPrefix("aux/nul:Con (from a b.tar, c.tar): a portable site"))
        #expect(reserved.what.hasSuffix("because Windows reserves the names aux and nul"))
        #expect(reserved.remedy?.hasSuffix(command) == true)
        let other = try #require(Tag("CON"))
        #expect(text(.differsByCase([other])).what.contains("this tag and CON, because"))
        #expect(text(.differsByCase([other])).remedy?.hasSuffix(command) == true)
        let old = try #require(text(.differsFromSite(other)).remedy)
        #expect(old.contains("regstatic remove SITE aux/nul:CON"))
    }

    static let images: [(SourceFault, [String])] = [
        (.configWithoutLayers(document: "d"), ["d", "rootfs.diff_ids", "Save"]),
        (.unattached(kind: "dev.hauler/sigs"), ["dev.hauler/sigs", "Save"]),
        (
            .manifest(.algorithm(field: "layers[0]", digest: "sha512:abc"), document: "d"),
            ["d: layers[0] has the digest sha512:abc", "SHA-256"]
        ),
        (.layerCount(document: "d", layers: 1, diffIDs: 2), ["d", "1 layer,", "2"]),
        (
            .digest(member: "m", expected: one, found: two),
            ["m", "expected \(one)", "found \(two)", "Copy"]
        ),
        (
            .diffID(member: "m", expected: one, found: two),
            ["m", "expected \(one)", "found \(two)", "Copy"]
        ),
        (.size(member: "m", expected: 1, found: 2), ["m", "2 bytes instead of 1", "Copy"]),
        (.incomplete(one, missing: two), ["\(one)", "lacks \(two)", "use both", "pull"]),
        (.sparse(one, missing: [two]), ["\(one)", "1 manifest:", "\(two)", "--sparse keep"]),
        (.lost(one, neededBy: two), ["\(one) is missing", "\(two) needs it", "--platform"]),
        (
            .lost(one, neededBy: one),
            ["\(one) is missing", "the input refers to it", "use both", "copy"]
        ),
        (.lostIndex, ["index.json is missing", "v2/", "regstatic list"]),
        (.inexpressible(.zstd, .dockerManifest), ["zstd", "schema 2", "--format oci"]),
        (
            .store(FileError("write", "/s/x", code: ENOSPC)),
            ["write /s/x", "No space left", "Free some space"]
        ),
    ]

    @Test(arguments: faults.indices) func says(_ index: Int) {
        let (fault, parts) = Self.faults[index]
        let text = ErrorText(SourceError(input: "in.tar", image: "app:1", fault: fault))
        #expect(text.lines.hasPrefix("error: in.tar (app:1): "))
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(!text.what.contains("\n"))
        #expect(!text.what.hasSuffix("."), "what happened is no sentence: \(text.what)")
        #expect(text.remedy?.hasSuffix(".") != false || text.remedy?.contains(": ") == true)
        for word in ["SourceFault", "ArchiveError", "Optional", "Digest("] {
            #expect(!text.lines.contains(word), "\(text.lines)")
        }
    }

    /// Only what the system says by itself has nothing to add.
    @Test func almostEveryFaultHasARemedy() {
        for (fault, _) in Self.faults {
            if case .stream(.system, _) = fault { continue }
            let text = ErrorText(SourceError(input: "a", image: nil, fault: fault))
            #expect(text.remedy != nil, "\(text.what)")
        }
    }

    @Test func whereItIs() {
        let input = ErrorText(SourceError(input: "-", image: nil, fault: .noImages))
        #expect(input.what.hasPrefix("standard input: the archive has no image"))
    }

    /// An empty name must not read as if a word were missing.
    @Test func whatTheSystemSays() {
        let text = ErrorText(
            SourceError(
                input: "a.tar",
                image: nil,
                fault: .stream(.system(operation: "open", errno: ENOENT), member: nil)
            )
        )
        #expect(text.what == "a.tar: can't open: No such file or directory")
        #expect(text.remedy?.contains("path") == true)
    }
}
