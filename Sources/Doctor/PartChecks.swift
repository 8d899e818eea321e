// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// The check of requests for several parts of a blob.
extension Check {
    static let blobParts = Check(
        "blob-parts",
        .blobs,
        "several parts of a blob can be fetched with one request",
        reason: """
            podman with enable_partial_images asks for up to 1024 ranges of a zstd:chunked layer at once; \
            400 makes it ask for fewer, or for the whole layer
            """,
        breaks: [
            Breakage(.podman, "fetches whole layers if the answer is 200"),
            Breakage(.podman, "can't pull zstd:chunked images otherwise: stream closed"),
        ],
        fix: Fix(
            "answer each range of a request with its own part (multipart/byteranges), and accept a header of 20 kB",
            nginx: "remove `max_ranges`",
            apache: """
                set `MaxRanges 4096`, and `LimitRequestFieldSize 65536` in the first virtual host of this \
                address and port
                """,
            lighttpd: "set `server.max-request-field-size = 65535`",
            objects:
                "object storage can't do this, so serve the site with a web server, or keep enable_partial_images off"
        ),
        scope: .registry
    ) { run in
        guard let (blob, start) = run.blobForParts() else {
            return run.skip("the sample has no readable blob of \(AskedParts.span) bytes or more")
        }
        for count in AskedParts.counts {
            run.expect(AskedParts(count: count, size: blob.descriptor.size), of: blob, start)
        }
    }
}

/// The parts of a blob that one request asks for, as a header with several ranges.
struct AskedParts {
    /// The numbers of parts that the check requests.
    ///
    /// podman's first request has 2 parts, and its largest request has 1024.
    ///
    /// By default, lighttpd answers only the first 10 ranges of a request, and Apache answers no
    /// more than 200.
    static let counts = [2, 11, 201, 1024]
    /// The length of each part, and the gap before the next part.
    ///
    /// The distance is the same as between podman's first two ranges; lighttpd joins such ranges.
    private static let (length, gap) = (4, 8)
    /// The number of bytes from the start of a blob to the end of the last part.
    static let span = counts.reduce(0, max) * (length + gap) - gap
    /// The maximum sizes of one part's headers, and of everything outside the parts in a multipart
    /// body.
    private static let (overhead, frame) = (512, 2048)

    let count: Int
    /// The size of the blob.
    let size: Int

    var ranges: [Range<Int>] {
        (0..<count).map { $0 * (Self.length + Self.gap) }.map { $0..<($0 + Self.length) }
    }

    /// The Range header.
    ///
    /// Its numbers have as many digits as offsets in a large layer, so that the header has 20 kB
    /// for 1024 ranges.
    var header: Header {
        let texts = ranges.map { "\(Self.padded($0.lowerBound))-\(Self.padded($0.upperBound - 1))" }
        return Header("Range", "bytes=" + texts.joined(separator: ","))
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }

    /// The maximum number of bytes to read from an answer.
    var limit: Int { Self.frame + count * (Self.overhead + Self.length) }

    /// Describes the error in an answer with status 206; nil if the answer has exactly these parts.
    func fault(in answer: Answer, _ start: [UInt8]) -> String? {
        guard let parts = AnsweredPart.all(in: answer) else {
            let type = answer["Content-Type"] ?? "no Content-Type"
            return answer.isMultipart ? "a body without its end" : "206 with \(type)"
        }
        guard parts.count == count else { return "206 with \(parts.count) parts" }
        for (part, range) in zip(parts, ranges) {
            let expected = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            guard part.range == expected else {
                return "\(part.range ?? "no Content-Range") instead of \(expected)"
            }
            guard part.content == start[range] else { return "\(expected) with other bytes" }
        }
        return nil
    }
}

extension CheckRun {
    /// The smallest blob that is large enough for all parts, and its first bytes.
    ///
    /// All repositories have the same server, so one blob is enough.
    fileprivate func blobForParts() -> (blob: ServedBlob, start: [UInt8])? {
        for repository in context.repositories.spread(SampleChoice.repositories) {
            var other = CheckRun(context, repository)
            let blobs = other.blobs().filter { $0.descriptor.size >= AskedParts.span }
            guard let blob = blobs.min(by: { $0.descriptor.size < $1.descriptor.size }),
                let start = start(of: blob)
            else { continue }
            return (blob, start)
        }
        return nil
    }

    /// Reads the first bytes of a blob with a range request.
    ///
    /// If it requested the whole blob, a fast server would send megabytes before it stops.
    private func start(of blob: ServedBlob) -> [UInt8]? {
        let range = Header("Range", "bytes=0-\(AskedParts.span - 1)")
        let path = address.path(blob.path)
        let reply = try? client.ask(.get, path, headers: [range], keeping: AskedParts.span)
        guard let reply, [200, 206].contains(reply.status),
            reply.answer.body.count == AskedParts.span
        else { return nil }
        return reply.answer.body
    }

    fileprivate mutating func expect(_ parts: AskedParts, of blob: ServedBlob, _ start: [UInt8]) {
        let path = address.path(blob.path)
        guard let reply = ask(.get, path, headers: [parts.header], keeping: parts.limit) else {
            return
        }
        let expected = "206 with \(parts.count) parts (multipart/byteranges)"
        switch reply.status {
        case 206:
            guard let found = parts.fault(in: reply.answer, start) else { return }
            fail(reply, expected: expected, found: found)
        case 200: warn(reply, expected: expected, found: "200 with the whole blob")
        case 400:
            // After status 400, podman asks for half as many parts, but it needs at least two.
            guard parts.count == 2 else { return }
            warn(reply, expected: expected, found: "400")
        default: fail(reply, expected: expected, found: "\(reply.status)")
        }
    }
}
