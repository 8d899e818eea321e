// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What a server answered, as it came over the wire: nothing decoded, no redirect followed.
package struct Answer: Sendable {
    package var status: Int
    /// In the order in which they came, each line for itself.
    package var headers: [Header]
    package var body: [UInt8]
    /// Whether the body goes on after what was wanted of it.
    package var isCut: Bool
    /// Where a redirect leads, absolute.
    package var redirect: String?
    /// From the first byte sent to the last one received.
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

    /// The header's values, whatever the case of its name.
    package func values(_ name: String) -> [String] {
        let name = name.lowercased()
        return headers.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The header's one value; several are joined, as a client would read them.
    package subscript(_ name: String) -> String? {
        let values = values(name)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// Why there is no answer.
package struct TransferError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// There is no libcurl to ask with.
        case library
        /// No address, no connection, or no word for too long.
        case unreachable
        /// Something answers, but not with TLS.
        case notTLS
        /// TLS, with a certificate that isn't to be trusted for this name.
        case certificate
        /// It ended before its announced length, or is no HTTP.
        case broken
    }

    package let kind: Kind
    /// What libcurl says.
    package let reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// What carries requests to a server: the network, or what a test puts in its place.
package protocol Transport {
    /// Sends a request and hands on the body as it comes, until it ends or the receiver has enough
    /// and says so by returning false.
    func send(
        _ request: Request,
        receive: (UnsafeRawBufferPointer) -> Bool
    ) throws(TransferError) -> Answer
}

extension Transport {
    /// Sends a request and keeps the beginning of the body.
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
