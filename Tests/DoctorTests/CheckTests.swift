// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import HTTP
import OCI
import Testing

@testable import Doctor

/// One fault, and the checks that find it; all others still pass.
struct Fault: CustomTestStringConvertible {
    let testDescription: String
    let found: [String: Verdict]
    let spoil: MadeUpRegistry.Fault

    init(
        _ name: String,
        _ found: [String: Verdict],
        spoil: @escaping MadeUpRegistry.Fault
    ) {
        testDescription = name
        self.found = found
        self.spoil = spoil
    }
}

@Suite struct CheckTests {
    static func diagnose(
        _ url: String = MadeUpRegistry.url,
        choice: SampleChoice = .some,
        isDeep: Bool = true,
        tls: TLSReport? = nil,
        fault: @escaping MadeUpRegistry.Fault = { _, _ in }
    ) throws -> Diagnosis {
        let address = try #require(Address(url))
        let registry = MadeUpRegistry(fault: fault)
        var run = DoctorRun(address, registry, tls: tls, now: 1_000_000_000)
        run.context.isDeep = isDeep
        return try run.run(choice)
    }

    private func problems(_ diagnosis: Diagnosis) -> [String: Verdict] {
        let bad = diagnosis.results.filter { $0.verdict >= .warn }
        return Dictionary(uniqueKeysWithValues: bad.map { ($0.check.id, $0.verdict) })
    }

    @Test func whatIsRightPasses() throws {
        let diagnosis = try Self.diagnose()
        #expect(problems(diagnosis) == [:])
        #expect(diagnosis.isHealthy)
        #expect(diagnosis.server == .nginx)
        #expect((diagnosis.repositories, diagnosis.tags) == (1, 3))
        let skipped = diagnosis.results.filter { $0.verdict == .skip }.map(\.check.id)
        let tls = ["encryption", "certificate-trust", "certificate-name", "certificate-dates"]
        #expect(skipped == tls + ["pause-image"])
    }

    @Test(arguments: faults) func faultIsFound(_ fault: Fault) throws {
        let diagnosis = try Self.diagnose(fault: fault.spoil)
        #expect(problems(diagnosis) == fault.found)
        #expect(diagnosis.isHealthy == !fault.found.values.contains(.fail))
        for result in diagnosis.results where result.verdict >= .warn {
            #expect(!result.findings.isEmpty)
            let fix = result.check.fix.text(for: .nginx, at: diagnosis.address)
            #expect(!fix.contains("HOST"))
        }
    }

    @Test(arguments: [
        ("pause", true), ("rancher/mirrored-pause", true), ("team/pause-menu", false),
        ("pauses", false),
    ])
    func pauseImage(_ name: String, _ isFound: Bool) throws {
        let diagnosis = try Self.diagnose { request, answer in
            guard request.url.hasSuffix("/_catalog") else { return }
            answer.body = Array(#"{"repositories":["app","\#(name)"]}"#.utf8)
        }
        let result = try #require(diagnosis.results.first { $0.check.id == "pause-image" })
        #expect(result.verdict == (isFound ? .pass : .skip))
        #expect((result.note == nil) == isFound)
    }

    /// Layers are long: only who asks for it reads them.
    @Test func layersAreReadIfDeep() throws {
        let path = "/blobs/\(Digest(of: MadeUpRegistry.layer))"
        for isDeep in [true, false] {
            let diagnosis = try Self.diagnose(isDeep: isDeep) { request, answer in
                guard request.url.hasSuffix(path), Self.asksForEnd(request) else { return }
                guard !answer.body.isEmpty else { return }
                answer.body[answer.body.count - 1] ^= 1
            }
            #expect(problems(diagnosis) == (isDeep ? ["blob-content": .fail] : [:]))
        }
    }

    @Test func namedTagIsEnough() throws {
        let name = try #require(RepositoryName("app"))
        let choice = SampleChoice.named([(name, OCI.Tag("1"))])
        let diagnosis = try Self.diagnose(choice: choice) { request, answer in
            if request.url.hasSuffix("/_catalog") { answer = Answer(status: 404) }
        }
        #expect(diagnosis.tags == 1)
        #expect(problems(diagnosis) == ["catalog": .warn])
    }

    /// What goes on in the clear may be read and changed by anyone.
    @Test func redirectToPlainHTTPIsAFault() throws {
        let leaf = ServedCertificate(subject: "CN=a", issuer: "CN=b", names: "DNS:a")
        let tls = TLSReport(chain: [leaf])
        let diagnosis = try Self.diagnose("https://a", tls: tls) { request, answer in
            guard request.url.hasPrefix("https://a/v2/app/blobs/"), answer.status == 200 else {
                return
            }
            answer = Answer(status: 302, redirect: request.url.replacing("https:", with: "http:"))
        }
        #expect(problems(diagnosis) == ["redirects": .fail])
    }

    @Test func redirectsInACircleEnd() throws {
        let diagnosis = try Self.diagnose { request, answer in
            guard request.url.hasSuffix("/_catalog") else { return }
            answer = Answer(status: 302, redirect: request.url)
        }
        #expect(problems(diagnosis) == ["catalog": .fail, "redirects": .warn])
    }

    @Test func credentialsEndTheRun() throws {
        let diagnosis = try Self.diagnose { _, answer in answer = Answer(status: 401) }
        #expect(problems(diagnosis) == ["api-root": .warn])
        #expect(diagnosis.count(.skip) == Check.all.count - 2)
    }

    /// Machines and people know checks by these names.
    @Test func checksAreWellFormed() throws {
        let address = try #require(Address(MadeUpRegistry.url))
        #expect(Set(Check.all.map(\.id)).count == Check.all.count)
        for check in Check.all {
            #expect(!check.breaks.isEmpty && !check.reason.isEmpty)
            for server in ServerKind.allCases {
                #expect(!check.fix.text(for: server, at: address).isEmpty)
            }
            #expect(!check.id.contains { $0 != "-" && !($0.isLowercase && $0.isLetter) })
        }
    }
}
