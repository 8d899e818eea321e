// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import Glibc
import HTTP
import OCI
import Site
import SiteTestSupport
import Store
import Testing

@testable import Commands

@Suite struct ErrorTextTests {
    static func name(_ text: String) -> RepositoryName {
        guard let name = RepositoryName(text) else { preconditionFailure("a valid name") }
        return name
    }

    static let errors: [(SiteError, [String])] = [
        (
            .tagConflict(name("app"), .fixed, inputs: ["a", "b"], platform: "linux/amd64"),
            ["app:1", "a and b", "linux/amd64", "--replace"]
        ),
        (.repositoryClash(name("a"), name("a/tags/b")), ["a/tags/b", "--prefix"]),
        (.reservedName(name("index.html")), ["index.html", "--prefix"]),
        (.invalidName("No"), ["No", "lower-case"]),
        (.ambiguousName("x:1", images: 3), ["--name x:1", "3 images", "FILE="]),
        (.unusedName("x:1"), ["--name x:1", "fits no image"]),
        (.notASite("dir"), ["dir", "empty or new folder"]),
        (.damagedIndex("why"), ["index.json", "why", "Restore"]),
        (.linkInSite("s/blobs"), ["s/blobs is a symbolic link", "mount --bind"]),
        (.lostIndex("s", isRecoverable: true), ["no index.json", "regstatic build s -o NEW"]),
        (.lostIndex("s", isRecoverable: false), ["no index.json", "from the archives"]),
        (.unlisted("s", ["a:1"]), ["s/index.json lacks", "a:1", "content-types.json"]),
        (.unknownLayout("cubic"), ["cubic", "newer version"]),
        (.notBuilt("s"), ["s is not a site yet", "regstatic build ARCHIVE -o s"]),
        (.damagedManifest(Digest(of: []), "why"), ["\(Digest(of: []))", "why", "verify"]),
    ]

    @Test(arguments: errors.indices) func siteErrors(_ index: Int) {
        let (error, parts) = Self.errors[index]
        let text = ErrorText(error as any Error)
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(text.lines.hasPrefix("error: "))
        #expect(text.remedy?.hasSuffix(".") == true)
        #expect(!text.lines.contains("SiteError"))
    }

    @Test(
        arguments: [
            (ENOSPC, "Free some space"), (EDQUOT, "Free some space"), (EROFS, "-o"), (EACCES, "-o"),
            (EPERM, "-o"), (EIO, "medium may be failing"), (EEXIST, "Move it away"), (EMFILE, nil),
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
        for (error, _) in Self.errors {
            let expected: ExitCode =
                switch error {
                case .notASite, .damagedIndex, .damagedManifest, .linkInSite, .lostIndex,
                    .notBuilt, .unknownLayout, .unlisted:
                    ExitCodes.output
                default: ExitCodes.refused
                }
            #expect(ExitCodes.code(for: error) == expected)
        }
    }
}

extension OCI.Tag {
    fileprivate static var fixed: OCI.Tag {
        guard let tag = OCI.Tag("1") else { preconditionFailure("a valid tag") }
        return tag
    }
}
