// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

/// The data that all checks share.
struct CheckContext {
    let client: ProbeClient
    /// The findings about TLS; nil if the registry uses plain HTTP.
    let tls: TLSReport?
    /// Seconds since 1970.
    let now: Int
    /// Whether the checks read every blob of the sample.
    var isDeep = false
    var repositories: [RepositorySample] = []
    /// Whether the registry refuses all requests without credentials.
    var needsCredentials = false

    var address: Address { client.address }
}

/// One execution of a check: sends requests and records findings.
struct CheckRun {
    let context: CheckContext
    let repository: RepositorySample?
    private(set) var findings: [Finding] = []
    /// Why the check was skipped.
    private(set) var skipped: String?
    private(set) var questions: Set<String> = []

    init(_ context: CheckContext, _ repository: RepositorySample? = nil) {
        self.context = context
        self.repository = repository
    }

    var address: Address { context.address }
    var client: ProbeClient { context.client }

    // MARK: Asking

    /// Requests a path below `/v2/`.
    mutating func get(_ name: String, _ headers: Header...) -> Reply? {
        ask(.get, address.path(name), headers: headers)
    }

    mutating func head(_ name: String) -> Reply? { ask(.head, address.path(name)) }

    /// Requests an absolute path; records a finding and returns nil if no answer comes.
    mutating func ask(
        _ method: Request.Method,
        _ path: String,
        headers: [Header] = [],
        keeping limit: Int = ProbeClient.documentLimit
    ) -> Reply? {
        do {
            let reply = try client.ask(method, path, headers: headers, keeping: limit)
            questions.insert(reply.question)
            return reply
        } catch {
            let question = "\(method.rawValue) \(path)"
            fail(question, expected: "an answer", found: error.reason)
            return nil
        }
    }

    // MARK: Telling

    mutating func skip(_ reason: String) { skipped = reason }

    /// Counts a question that a check answered without calling `ask`.
    mutating func note(_ question: String) { questions.insert(question) }

    mutating func fail(_ asked: String, expected: String, found: String) {
        tell(.fail, asked: asked, expected: expected, found: found)
    }

    mutating func warn(_ asked: String, expected: String, found: String) {
        tell(.warn, asked: asked, expected: expected, found: found)
    }

    mutating func fail(_ reply: Reply, expected: String, found: String) {
        tell(.fail, asked: reply.question, expected: expected, found: found)
    }

    mutating func warn(_ reply: Reply, expected: String, found: String) {
        tell(.warn, asked: reply.question, expected: expected, found: found)
    }

    /// Expects a status; records a failure and returns false if the answer has another status.
    @discardableResult
    mutating func expect(_ reply: Reply, status: Int) -> Bool {
        guard reply.answer.status != status else { return true }
        fail(reply, expected: "\(status)", found: "\(reply.answer.status)")
        return false
    }

    private mutating func tell(
        _ verdict: Verdict,
        asked: String,
        expected: String,
        found: String
    ) {
        questions.insert(asked)
        let finding = Finding(verdict: verdict, asked: asked, expected: expected, found: found)
        if !findings.contains(finding) { findings.append(finding) }
    }
}

extension Reply {
    var status: Int { answer.status }

    subscript(_ header: String) -> String? { answer[header] }

    /// The value of the header, or a text that says the header is missing.
    func shown(_ header: String) -> String { answer[header] ?? "no \(header)" }
}
