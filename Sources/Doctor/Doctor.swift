// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import HTTP
internal import OCI

/// The result of one check.
package struct CheckResult: Sendable {
    package let check: Check
    package var verdict: Verdict = .skip
    package var findings: [Finding] = []
    /// Why the check was skipped.
    package var note: String?
    /// The number of questions that the check asked the server.
    package var questions = 0
}

/// The results of all checks of a served registry.
package struct Diagnosis: Sendable {
    package let address: Address
    package let server: ServerKind
    /// The `Server` header.
    package let serverName: String?
    /// The `Via` header: the proxies in front of the server that name themselves.
    package let proxies: String?
    /// How long `GET /v2/` took.
    package let milliseconds: Int
    /// The number of checked repositories and tags.
    package let repositories: Int
    package let tags: Int
    package let results: [CheckResult]

    package var isHealthy: Bool { count(.fail) == 0 }

    package func count(_ verdict: Verdict) -> Int { results.count { $0.verdict == verdict } }
}

/// Sends the same requests as clients to a served registry, and compares the answers with the
/// contract.
package struct Doctor {
    package var choice = SampleChoice.some
    /// Whether to read and hash every blob of the sample.
    package var isDeep = false
    private let address: Address
    private let transport: CurlTransport

    package init(_ address: Address, _ transport: CurlTransport) {
        self.address = address
        self.transport = transport
    }

    /// Runs all checks.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970, for the certificate's dates.
    ///   - progress: called while the checks run.
    /// - Returns: the result of each check.
    /// - Throws: `TransferError` if no server answers at all.
    package func run(
        now: Int,
        _ progress: DoctorProgress
    ) throws(TransferError) -> Diagnosis {
        let (address, tls) = try connect()
        if tls?.isTrusted == false { transport.verification = .none }
        var run = DoctorRun(address, transport, tls: tls, now: now, progress: progress)
        run.context.isDeep = isDeep
        return try run.run(choice)
    }

    /// Connects with TLS unless the address has `http`; falls back to plain HTTP if the user gave
    /// no scheme.
    private func connect() throws(TransferError) -> (Address, TLSReport?) {
        guard address.isTLS else {
            try refusePlainRequests()
            return (address, nil)
        }
        do {
            return (address, try transport.inspectTLS(address.url(address.path(""))))
        } catch {
            guard address.isGuessed else { throw error }
            var plain = address
            plain.isTLS = false
            guard (try? transport.send(Request(.get, plain.url(plain.path(""))), keeping: 0)) != nil
            else { throw error }
            return (plain, nil)
        }
    }

    /// Checks whether the server answers a request without TLS only with an error, because it expects TLS.
    ///
    /// - Throws: `TransferError` if it does.
    private func refusePlainRequests() throws(TransferError) {
        let path = address.path("")
        let answer = try? transport.send(Request(.get, address.url(path)), keeping: 0)
        guard answer.map({ $0.status == 400 }) ?? true else { return }
        var encrypted = address
        encrypted.isTLS = true
        guard (try? transport.inspectTLS(encrypted.url(path))) != nil else { return }
        throw TransferError(.onlyTLS, "\(address.host) speaks TLS, not plain HTTP")
    }
}

/// One run of all checks on one registry, with any `Transport`.
struct DoctorRun {
    var context: CheckContext
    private let progress: DoctorProgress

    init(
        _ address: Address,
        _ transport: any Transport,
        tls: TLSReport? = nil,
        now: Int,
        progress: DoctorProgress = DoctorProgress()
    ) {
        let client = ProbeClient(address, transport, progress: progress)
        context = CheckContext(client: client, tls: tls, now: now)
        self.progress = progress
    }

    func run(_ choice: SampleChoice) throws(TransferError) -> Diagnosis {
        var context = context
        let client = context.client
        let root = try client.ask(.get, context.address.path(""))
        context.needsCredentials = root.status == 401
        if !context.needsCredentials { context.repositories = choice.repositories(client) }
        var results = Check.all.map { CheckResult(check: $0) }
        for repository in context.repositories {
            progress.onRepository(repository.name.description)
            for index in results.indices where results[index].check.scope == .repository {
                results[index]
                    .add(
                        Self.examine(results[index].check, context: context, repository: repository)
                    )
            }
            client.forget()
        }
        for index in results.indices where results[index].check.scope == .registry {
            results[index]
                .add(Self.examine(results[index].check, context: context, repository: nil))
        }
        return Diagnosis(
            address: context.address,
            server: ServerKind(root.answer),
            serverName: root["Server"],
            proxies: root["Via"],
            milliseconds: Int((root.answer.seconds * 1000).rounded()),
            repositories: context.repositories.count,
            tags: context.repositories.reduce(0) { $0 + Set($1.tags + $1.hazards).count },
            results: results.map { $0.noted(context) }
        )
    }

    private static func examine(
        _ check: Check,
        context: CheckContext,
        repository: RepositorySample?
    ) -> CheckRun {
        var run = CheckRun(context, repository)
        let isBelowRoot = check.group != .connection && check.id != "api-root"
        if isBelowRoot, context.needsCredentials {
            run.skip(CheckResult.wanted)
        } else {
            check.examine(&run)
        }
        return run
    }
}

extension CheckResult {
    fileprivate mutating func add(_ run: CheckRun) {
        findings += run.findings.filter { !findings.contains($0) }
        questions += run.questions.count
        let worst = run.findings.map(\.verdict).max() ?? .pass
        let found = run.questions.isEmpty ? .skip : worst
        verdict = max(verdict, found)
        note = note ?? run.skipped
    }

    fileprivate static let wanted = "the registry requires credentials"

    /// Returns the result with a reason if the check was skipped, and otherwise without a reason.
    fileprivate func noted(_ context: CheckContext) -> CheckResult {
        var result = self
        let usual = context.needsCredentials ? Self.wanted : "the sample has nothing to check"
        result.note = verdict == .skip ? note ?? usual : nil
        return result
    }
}
