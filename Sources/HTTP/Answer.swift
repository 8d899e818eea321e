// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The answer of a server as received, without decoding the body or following a redirect.
package struct Answer: Sendable {
    package var status: Int
    /// The headers in the order of the answer, one element for each line.
    package var headers: [Header]
    package var body: [UInt8]
    /// Whether the body is longer than the part that was kept.
    package var isCut: Bool
    /// The absolute target of a redirect.
    package var redirect: String?
    /// The time from the first sent byte to the last received byte.
    package var seconds: Double

    package init(
        status: Int,
        headers: [Header] = [],
        body: [UInt8] = [],
        isCut: Bool = false,
        redirect: String? = nil,
        seconds: Double = 0
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isCut = isCut
        self.redirect = redirect
        self.seconds = seconds
    }

    /// The values of a header; the case of its name doesn't matter.
    package func values(_ name: String) -> [String] {
        let name = name.lowercased()
        return headers.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The value of a header; several values are joined with commas, because clients do the same.
    package subscript(_ name: String) -> String? {
        let values = values(name)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// The reason why a request got no answer.
package struct TransferError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// libcurl can't be loaded.
        case library
        /// The name doesn't resolve, the connection fails, or the server sends nothing for too
        /// long.
        case unreachable
        /// The server doesn't speak TLS.
        case notTLS
        /// The server speaks only TLS.
        case onlyTLS
        /// The certificate is not trusted for this name.
        case certificate
        /// The answer ends too early, or isn't HTTP.
        case broken
    }

    package let kind: Kind
    /// The error message of libcurl.
    package let reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// A way to send requests: over the network, or to a substitute in a test.
package protocol Transport {
    /// Sends a request and passes on the body while it arrives, until the body ends or `receive`
    /// returns false.
    func send(
        _ request: Request,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(TransferError) -> Answer
}

extension Transport {
    /// Sends a request and keeps the beginning of the body, up to a limit in bytes.
    package func send(_ request: Request, keeping limit: Int) throws(TransferError) -> Answer {
        var body: [UInt8] = []
        var isCut = false
        var answer = try unsafe send(request) { bytes in
            let room = limit - body.count
            unsafe body.append(contentsOf: bytes.prefix(room))
            isCut = bytes.count > room
            return !isCut
        }
        answer.body = body
        answer.isCut = isCut
        return answer
    }
}
