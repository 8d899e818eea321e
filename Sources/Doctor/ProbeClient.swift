// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

/// A request, and the answer that a client gets after redirects.
struct Reply: Sendable {
    let request: Request
    /// The request in the form for reports: method, path and the headers that the check sets.
    let question: String
    let answer: Answer
}

/// One step of a redirect.
struct Hop: Hashable, Sendable {
    let question: String
    let status: Int
    let from: String
    let to: String
}

/// Sends requests to one registry, and sends each request only once, even if several checks need
/// the answer.
final class ProbeClient {
    let address: Address
    private let transport: any Transport
    private let progress: DoctorProgress
    private var memory: [Request: Result<Reply, TransferError>] = [:]
    private(set) var hops: [Hop] = []

    /// The size limit for manifests in bytes, which is the smallest limit of all clients.
    static let documentLimit = JSONLimits.document.bytes
    /// The number of redirects after which Go's HTTP client gives up.
    private static let hopLimit = 10

    init(
        _ address: Address,
        _ transport: any Transport,
        progress: DoctorProgress = DoctorProgress()
    ) {
        self.address = address
        self.transport = transport
        self.progress = progress
    }

    /// Requests an absolute path, and follows redirects as clients do.
    func ask(
        _ method: Request.Method,
        _ path: String,
        headers: [Header] = [],
        keeping limit: Int = documentLimit
    ) throws(TransferError) -> Reply {
        let request = Request(method, address.url(path), headers: headers)
        if let known = memory[request] { return try known.get() }
        let suffix =
            headers.isEmpty ? "" : " with " + headers.map(Self.shown).joined(separator: ", ")
        let question = "\(method.rawValue) \(path)\(suffix)"
        let result = Result { () throws(TransferError) in
            let answer = try follow(request, question: question) { request throws(TransferError) in
                try transport.send(request, keeping: limit)
            }
            progress.onBytes(answer.body.count)
            return Reply(request: request, question: question, answer: answer)
        }
        memory[request] = result
        return try result.get()
    }

    /// Formats a header for reports; a long header is cut, and its length is added.
    private static func shown(_ header: Header) -> String {
        let text = header.description
        guard text.utf8.count > 100 else { return text }
        return "\(text.prefix(60))… (\(text.utf8.count) bytes)"
    }

    /// Reads a whole body of any length, and returns its digest.
    func hash(_ path: String) throws(TransferError) -> (reply: Reply, digest: Digest, size: Int) {
        let request = Request(.get, address.url(path))
        var (digest, size) = (Digest.absent, 0)
        let answer = try follow(request, question: "GET \(path)") { request throws(TransferError) in
            let hash = BodyHash()
            size = 0
            let answer = try unsafe transport.send(request) { [progress] bytes in
                unsafe hash.update(bytes)
                size += bytes.count
                progress.onBytes(bytes.count)
                return true
            }
            digest = hash.finish()
            return answer
        }
        let reply = Reply(request: request, question: "GET \(path)", answer: answer)
        return (reply, digest, size)
    }

    /// Forgets the answers, because the checks of the next repository ask different questions.
    func forget() { memory = [:] }

    private func follow(
        _ request: Request,
        question: String,
        send: (Request) throws(TransferError) -> Answer
    ) throws(TransferError) -> Answer {
        var request = request
        for _ in 0...Self.hopLimit {
            let answer = try send(request)
            // Don't follow redirects of write requests, because only the first answer matters.
            guard (300..<400).contains(answer.status), let target = answer.redirect,
                [.get, .head].contains(request.method)
            else { return answer }
            let hop = Hop(question: question, status: answer.status, from: request.url, to: target)
            if !hops.contains(hop) { hops.append(hop) }
            request.url = target
        }
        throw TransferError(.broken, "more than \(Self.hopLimit) redirects")
    }
}
