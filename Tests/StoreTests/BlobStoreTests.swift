// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Store
import Streams
import Testing
import TestSupport

@Suite struct BlobStoreTests {
    /// Whatever somebody left there goes, and links are not followed.
    @Test func clearsItsStaging() throws {
        let site = try TemporaryFolder()
        try site.write("outside/file", "x")
        try site.write("site/.regstatic/tmp/folder/deep/file", "x")
        try site.makeLink("site/.regstatic/tmp/link", to: "../../../outside")
        try BlobStore(try Folder(site["site"], creating: false)).prepare()
        #expect(try site.snapshot("site/.regstatic/tmp").isEmpty)
        #expect(site.exists("outside/file"))
    }

    private let site: TemporaryFolder
    private let store: BlobStore

    init() throws {
        site = try TemporaryFolder()
        store = BlobStore(try Folder(site["site"], creating: true))
        try store.prepare()
    }

    private func stored(_ text: String) throws -> Digest {
        let blob = try store.stage(Array(text.utf8))
        try store.commit([blob])
        return blob.digest
    }

    private func path(_ digest: Digest) -> String { "site/\(digest.blobPath)" }

    private var staging: [String] {
        get throws { try site.snapshot("site/.regstatic/tmp").keys.sorted() }
    }

    @Test func committedBlobsStandAtTheirDigest() throws {
        let writer = try store.makeWriter()
        for piece in ["he", "", "llo"] {
            try Array(piece.utf8).withUnsafeBytes { try writer.write($0) }
        }
        let blob = try writer.finish()
        #expect(blob.digest == Digest(of: Array("hello".utf8)))
        #expect(blob.size == 5)
        #expect(try store.size(of: blob.digest) == nil)
        #expect(try staging.count == 1)

        try store.commit([blob])
        #expect(try site.text("site/blobs/sha256/\(blob.digest.hex)") == "hello")
        #expect(try store.size(of: blob.digest) == 5)
        #expect(try staging.isEmpty)
    }

    @Test func largeBlobsSurviveEarlyWriteback() throws {
        let piece = [UInt8](repeating: 7, count: 1 << 20)
        let writer = try store.makeWriter()
        for _ in 0..<20 { try piece.withUnsafeBytes { try writer.write($0) } }
        let blob = try writer.finish()
        try store.commit([blob])
        var seen = 0
        try store.verify(blob.digest, size: 20 << 20) { seen += $0 }
        #expect(seen == 20 << 20)
    }

    @Test func theSameContentTwiceIsOneBlob() throws {
        let blobs = try (0..<3).map { _ in try store.stage(Array("same".utf8)) }
        try store.commit([blobs[0], blobs[0], blobs[1]])
        try store.commit([blobs[2]])
        #expect(try site.snapshot("site/blobs/sha256").keys.sorted() == [blobs[0].digest.hex])
        #expect(try staging.isEmpty)
        try store.verify(blobs[0].digest, size: 4)
    }

    @Test func discardedBlobsLeaveNothing() throws {
        let writer = try store.makeWriter()
        try writer.discard()
        #expect(try staging.isEmpty)
        #expect(try site.snapshot("site/blobs/sha256").isEmpty)
    }

    @Test func stagedBlobsCanBeRead() throws {
        let blob = try store.stage(Array("abc".utf8))
        #expect(try store.reader(staged: blob).size == 3)
        try store.clearStaging()
        #expect(throws: FileError.self) { try store.reader(staged: blob) }
    }

    /// A run that dies leaves its staged files; the next one clears them and keeps the blobs.
    @Test func preparingClearsWhatAKilledRunLeft() throws {
        let kept = try stored("kept")
        _ = try store.stage(Array("left".utf8))
        try site.write("site/.regstatic/tmp/file-0", "left")
        try site.makeLink("site/.regstatic/tmp/file-1", to: "/etc/passwd")
        try store.prepare()
        #expect(try staging.isEmpty)
        try store.verify(kept, size: 4)
    }

    @Test func emptyBlobs() throws {
        let digest = try stored("")
        try store.verify(digest, size: 0)
        #expect(try store.document(digest).isEmpty)
    }
}

@Suite struct BlobVerificationTests {
    private let site: TemporaryFolder
    private let store: BlobStore
    private let digest: Digest
    private let path: String

    init() throws {
        site = try TemporaryFolder()
        store = BlobStore(try Folder(site.path, creating: false))
        try store.prepare()
        let blob = try store.stage(Array("content".utf8))
        try store.commit([blob])
        digest = blob.digest
        path = digest.blobPath
    }

    @Test func goodBlobsPass() throws {
        try store.verify(digest, size: 7)
        try store.verify(digest, size: nil)
        #expect(try store.document(digest) == Array("content".utf8))
    }

    @Test func changedBytesAreFound() throws {
        try site.write(path, "cOntent")
        let error = BlobError.mismatch(expected: digest, found: Digest(of: Array("cOntent".utf8)))
        #expect(throws: error) { try store.verify(digest, size: 7) }
        #expect(throws: error) { try store.document(digest) }
    }

    @Test func otherSizesAreFound() throws {
        #expect(throws: BlobError.size(digest, expected: 8, found: 7)) {
            try store.verify(digest, size: 8)
        }
        #expect(throws: BlobError.size(digest, expected: 6, found: 7)) {
            try store.verify(digest, size: 6)
        }
        try site.write(path, "conten")
        #expect(throws: BlobError.size(digest, expected: 7, found: 6)) {
            try store.verify(digest, size: 7)
        }
    }

    @Test func missingBlobsAreFound() throws {
        try site.remove(path)
        #expect(throws: BlobError.missing(digest)) { try store.verify(digest, size: nil) }
        #expect(throws: BlobError.missing(digest)) { try store.document(digest) }
        #expect(try store.size(of: digest) == nil)
    }

    /// A link is no blob, whatever it points to.
    @Test func linksAreNoBlobs() throws {
        try site.remove(path)
        try site.write("elsewhere", "content")
        try site.makeLink(path, to: "../../elsewhere")
        #expect(try store.size(of: digest) == nil)
        #expect(throws: (any Error).self) { try store.verify(digest, size: 7) }
        #expect(throws: BlobError.missing(digest)) { try store.document(digest) }
    }

    @Test func documentsAreBounded() throws {
        #expect(try store.document(digest, limit: 7).count == 7)
        #expect(throws: BlobError.tooLarge(digest, limit: 6)) {
            try store.document(digest, limit: 6)
        }
    }
}
