// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Publishing
import SiteTestSupport
import Store
import Testing

/// What rclone is asked, and what it answers.
@Suite struct RcloneTests {
    /// All steps of a delivery, as a person would type them.
    @Test(arguments: [RemoteForm.objects, .files])
    func arguments(_ form: RemoteForm) throws {
        let publication = try Samples.publication(try Samples.site(), as: form)
        let remote = RcloneRemote("name:bucket", options: ["--bwlimit", "1M"])
        let traits = form == .objects ? Samples.bucket : RemoteTraits(form: .files, hash: .md5)
        var text = remote.features.joined(separator: " ") + "\n"
        for listing in remote.listings(traits) {
            text += listing.arguments.joined(separator: " ") + "\n"
        }
        let stale = publication.stale.prefix(1)
        var inventory = Inventory(hash: .md5)
        for path in stale {
            inventory.add(listing: Array(#"{"Path":"\#(path)","Size":1}"#.utf8))
        }
        let delivery = Delivery(of: publication, to: traits, holding: inventory)
        for (number, step) in delivery.steps.enumerated() {
            let staged = StagedStep(
                step,
                number: number,
                to: remote,
                as: form,
                resending: false,
                folder: "/tmp/x",
                store: "/site"
            )
            text += "\n" + staged.arguments.joined(separator: " ") + "\n"
            for file in staged.files { text += "  file \(file.path)\n" }
            for link in staged.links { text += "  link \(link.path) -> \(link.target)\n" }
        }
        #expect(Golden.difference("rclone-\(form.rawValue).txt", text) == nil)
    }

    @Test(arguments: [
        ("s3:b", "s3:b/v2"), ("s3:", "s3:v2"), ("s3:b/", "s3:b/v2"), ("s3:b/c", "s3:b/c/v2"),
    ])
    func foldersAreBelowTheRemote(_ path: String, _ folder: String) {
        let listing = RcloneRemote(path).listings(Samples.bucket)
        #expect(listing.first?.arguments.contains(folder) == true)
    }

    /// The features that decide, as 1.60 and 1.75 print them.
    @Test(arguments: [
        (
            #"{"Name":"s3","Root":"b","String":"S3 bucket b","Hashes":["md5"],"Features":{"BucketBased":true,"Copy":true,"WriteMimeType":true}}"#,
            Samples.bucket
        ),
        (
            #"{"Name":"s3","Root":"","String":"S3 root","Hashes":["md5"],"Features":{"BucketBased":true,"Copy":true,"WriteMimeType":true}}"#,
            RemoteTraits(
                form: .objects,
                copies: true,
                holdsRootKey: true,
                hash: .md5,
                lacksBucket: true
            )
        ),
        (
            #"{"Name":"az","Root":"$web","String":"Azure container $web","Hashes":["md5"],"Features":{"BucketBased":true,"Copy":true,"WriteMimeType":true}}"#,
            RemoteTraits(form: .objects, copies: true, hash: .md5)
        ),
        (
            #"{"Name":"b2","Root":"b","String":"B2 bucket b","Hashes":["sha1"],"Features":{"BucketBased":true,"Copy":true,"WriteMimeType":true}}"#,
            RemoteTraits(form: .objects, copies: true, hash: .sha1)
        ),
        (
            #"{"Name":"d","Root":"","String":"Google drive root ''","Hashes":["md5"],"Features":{"BucketBased":false,"Copy":true,"WriteMimeType":true}}"#,
            RemoteTraits(form: .files, copies: true, hash: .md5)
        ),
        (
            #"{"Name":"h","Root":"srv","String":"sftp://x@h:22/srv","Hashes":[],"Features":{"BucketBased":false,"Copy":false,"WriteMimeType":false}}"#,
            RemoteTraits(form: .files)
        ),
    ])
    func features(_ text: String, _ traits: RemoteTraits) throws {
        #expect(RemoteTraits(try JSON(parsing: Array(text.utf8))) == traits)
    }

    @Test func somethingElseIsNoFeatures() throws {
        #expect(RemoteTraits(try JSON(parsing: Array("{}".utf8))) == nil)
    }

    @Test func listingsOfBothVersions() {
        let text = """
            [
            {"Path":"","Name":"","Size":2,"ModTime":"","IsDir":false,"Hashes":{"md5":"aa"},"Tier":"STANDARD"},
            {"Path":"a/b","Name":"b","Size":3,"ModTime":"","IsDir":false,"Hashes":{"md5":"bb"}},
            {"Path":"\\n{\\"Path\\":\\"x\\"}","Name":"b","Size":3},
            not JSON
            {"Path":"unsized"},
            ]
            """
        var inventory = Inventory(hash: .md5)
        inventory.add(listing: Array(text.utf8), below: "v2/")
        #expect(inventory["v2/"] == .init(size: 2, hash: "aa"))
        #expect(inventory["v2/a/b"] == .init(size: 3, hash: "bb"))
        #expect(inventory["v2/x"] == nil)
        #expect(inventory["v2/unsized"] == nil)
    }
}
