// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// Sites on real file systems of the sticks that people carry.
extension Integration {
    @Suite(.serialized, .needs(.ntfs, .makeNTFS, .exfat, .makeExFAT), .needsForeignMedia)
    struct MediumTests {
        private static let inputs = [Fixture.docker20Many, Fixture.attested]

        @Test(.needs(.nginx, .curl, .skopeo), arguments: Medium.Kind.foreign)
        func isRecognisedServedAndConverted(_ kind: Medium.Kind) throws {
            let workspace = try Workspace()
            let medium = try Medium(kind, workspace)
            defer { medium.end() }
            let site = "\(medium.path)/site"
            let built =
                try workspace.start(
                    [Workspace.regstatic, "build"] + Self.inputs + ["-o", site]
                )
                .wait().succeeded()
            #expect(built.errors.contains("portable layout"))
            let again = try workspace.regstatic("build", Fixture.attested, "-o", site)
            #expect(!again.errors.contains("portable layout"))
            try workspace.regstatic("verify", site).succeeded()

            try serve(workspace, site)
            try workspace.build([site], "--keep-address", into: "back")
            try workspace.build(Self.inputs, into: "plain")
            let plain = try workspace.folder.snapshot("plain")
            let back = try workspace.folder.snapshot("back")
            let changed = Tree.differences(plain, back).filter { !$0.hasPrefix(".regstatic") }
            #expect(changed == [])
        }

        /// Straight from the medium, by the configuration that lies on it.
        private func serve(_ workspace: Workspace, _ site: String) throws {
            let server = try NginxServer(workspace, site: site)
            defer { server.stop() }
            let client = HTTPClient(workspace, server.endpoint)
            for (name, tag) in [("acme/tool", "1.0.html"), ("zoo/multi", "1"), ("nginx", "alpine")]
            {
                try Registry(client, namesTags: false).fetchAll(name, tag)
            }
            #expect(try client.get("/v2/zoo/multi/manifests/V1").status == 404)
            try workspace.pullAll("\(server.endpoint.host)/zoo/multi:1", to: "pulled")
        }

        @Test(arguments: Medium.Kind.foreign)
        func refusesThePlainLayout(_ kind: Medium.Kind) throws {
            let workspace = try Workspace()
            let medium = try Medium(kind, workspace)
            defer { medium.end() }
            let outcome = try workspace.regstatic(
                "build",
                Fixture.docker20One,
                "--layout",
                "plain",
                "-o",
                "\(medium.path)/site"
            )
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("doesn't support links"))
            #expect(outcome.errors.contains("--layout plain"))
        }

        /// What can't fit is said before the first byte is written.
        @Test func saysWhatDoesNotFit() throws {
            let workspace = try Workspace()
            let medium = try Medium(.exfat, workspace, megabytes: 16)
            defer { medium.end() }
            let large = try LargeArchive.write(workspace, layers: 3)
            try workspace.build([large], "--compression", "none")
            let site = "\(medium.path)/site"
            let outcome = try workspace.regstatic("build", workspace["site"], "-o", site)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("are needed"))
            #expect(try Tree.snapshot("\(site)/blobs/sha256").isEmpty)
        }
    }

    @Suite(.needs(.makeXFS), .needsForeignMedia) struct SharedBytesTests {
        /// Blobs of a site on the same file system aren't written again, but checked all the same.
        @Test func aSiteIsCopiedWithoutItsBytes() throws {
            let workspace = try Workspace()
            let medium = try Medium(.xfs, workspace, megabytes: 400)
            defer { medium.end() }
            let large = try LargeArchive.write(workspace)
            let (site, copy) = ("\(medium.path)/site", "\(medium.path)/copy")
            let empty = try used(workspace, medium)
            try workspace.regstatic("build", large, "-o", site).succeeded()
            let before = try used(workspace, medium)
            try workspace.regstatic("build", site, "-o", copy).succeeded()
            let blobs = try Tree.snapshot("\(site)/blobs")
            #expect(Tree.differences(blobs, try Tree.snapshot("\(copy)/blobs")) == [])
            #expect(try used(workspace, medium) - before < (before - empty) / 4)

            // A later change of the one site must not reach the other.
            let flip = #"cd "$0"; printf x | dd bs=1 seek=999 conv=notrunc of="$(ls -S | head -1)""#
            try workspace.run("bash", "-c", flip, "\(site)/blobs/sha256").succeeded()
            try workspace.regstatic("verify", copy).succeeded()
            let refused = try workspace.regstatic("build", site, "-o", "\(medium.path)/new")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("is damaged"))
        }

        /// The used bytes of a medium.
        private func used(_ workspace: Workspace, _ medium: Medium) throws -> Int {
            try workspace.run("sync", "-f", medium.path).succeeded()
            let line = try workspace.run("df", "--output=used", "-B1", medium.path).succeeded()
            return try #require(Int(line.lastLine.trimmingCharacters(in: .whitespaces)))
        }
    }

    @Suite struct FileSizeTests {
        /// A limit of the process stands in for FAT's: this kernel may not know FAT.
        @Test func saysWhichFileIsTooLarge() throws {
            let workspace = try Workspace()
            let large = try LargeArchive.write(workspace, layers: 1)
            try workspace.build([large], "--compression", "none")
            // What is copied is known before; what is compressed shows while it is written.
            for input in [workspace["site"], large] {
                let command = #"ulimit -f 1024; exec "$0" build "$1" -o "$2""#
                let outcome = try workspace.run(
                    "bash",
                    "-c",
                    command,
                    Workspace.regstatic,
                    input,
                    workspace["new"]
                )
                #expect(outcome.status == 4)
                #expect(outcome.errors.contains("File too large"))
                #expect(outcome.errors.contains("exFAT"))
            }
        }
    }
}
