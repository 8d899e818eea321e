// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import HTTP
import Testing

@testable import Doctor

extension CheckTests {
    /// Answers to requests for several parts, wrong ones and some that podman copes with.
    static let partFaults =
        [413, 416, 431, 501].map(refusal) + [
            Fault("400 for two parts", ["blob-parts": .warn]) {
                if parts($0) == 2 { $1 = Answer(status: 400) }
            },
            Fault("400 for many parts", [:]) {
                if parts($0) > 2 { $1 = Answer(status: 400) }
            },
            Fault("all of it for many parts", ["blob-parts": .warn]) {
                if parts($0) > 200 { $1 = Answer(status: 200, body: MadeUpRegistry.layer) }
            },
            Fault("one part for two", ["blob-parts": .fail]) {
                guard parts($0) == 2 else { return }
                $1 = Answer(status: 206, body: Array(MadeUpRegistry.layer[..<16]))
                $1.set("Content-Range", "bytes 0-15/20000")
            },
            Fault("joined parts", ["blob-parts": .fail]) {
                if parts($0) == 11 { $1.replace("bytes 0-3/", with: "bytes 0-15/") }
            },
            Fault("fewer parts", ["blob-parts": .fail]) {
                let head = "\r\n--made-up\r\ncontent-range: bytes 120-123/20000\r\n\r\n"
                if parts($0) == 11 { $1.replace(head, with: "") }
            },
            Fault("no end", ["blob-parts": .fail]) {
                if parts($0) == 11 { $1.replace("--made-up--", with: "") }
            },
            Fault("other bytes in a part", ["blob-parts": .fail]) {
                if parts($0) == 201 { $1.replace("\r\n--made-up--", with: "!\r\n--made-up--") }
            },
        ]

    private static func refusal(_ status: Int) -> Fault {
        Fault("\(status) for 1024 parts", ["blob-parts": .fail]) {
            if parts($0) == 1024 { $1 = Answer(status: status) }
        }
    }

    /// The number of parts that a request asks for; 0 if it asks for the whole.
    private static func parts(_ request: Request) -> Int {
        request.headers.first { $0.name == "Range" }?.value.split(separator: ",").count ?? 0
    }

    @Test func blobsAreTooSmallForParts() throws {
        let diagnosis = try Self.diagnose { request, answer in
            guard request.url.contains("/manifests/") else { return }
            let size = MadeUpRegistry.layer.count
            answer.replace("\"size\":\(size)", with: "\"size\":9000")
        }
        let result = try #require(diagnosis.results.first { $0.check.id == "blob-parts" })
        #expect(result.verdict == .skip)
        #expect(result.note == "the sample has no readable blob of 12280 bytes or more")
    }

    /// The header is long, reports are not.
    @Test func longHeadersAreShortInReports() throws {
        let diagnosis = try Self.diagnose(fault: Self.refusal(416).spoil)
        let result = try #require(diagnosis.results.first { $0.check.id == "blob-parts" })
        let asked = try #require(result.findings.first?.asked)
        #expect(
            asked.hasSuffix(
                "Range: bytes=000000000-000000003,000000012-000000015,0000000… (20492 bytes)"
            )
        )
        #expect(result.questions == 4)
    }
}

extension Answer {
    fileprivate mutating func replace(_ text: String, with other: String) {
        body.replace(Array(text.utf8), with: Array(other.utf8))
    }
}
