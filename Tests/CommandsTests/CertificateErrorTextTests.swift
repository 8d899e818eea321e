// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Certificates
import Testing

@testable import Commands

@Suite struct CertificateErrorTextTests {
    static let day = Timestamp(seconds: 951_782_400)

    static let errors: [(CertificateError, [String])] = [
        (
            .exists(folder: "tls", hosts: "a, b", until: day),
            ["tls already has certificates, for a, b, valid until 2000-02-29", "--renew"]
        ),
        (.exists(folder: "tls", hosts: nil, until: nil), ["tls already has certificates\n"]),
        (.notEmpty(folder: "tls", file: "letter"), ["tls", "letter", "-o"]),
        (.missing("tls/ca.key"), ["tls/ca.key", "regstatic tls"]),
        (.unreadable("tls/ca.key", reason: "why"), ["tls/ca.key", "why", "PEM"]),
        (.foreign("tls/ca.crt"), ["tls/ca.crt", "another folder"]),
        (.keyMismatch(key: "k", certificate: "c"), ["k is not the key of c", "copy"]),
        (.otherAuthority(certificate: "c", authority: "ca"), ["c was not signed by ca", "--host"]),
        (.authorityExpired("ca", since: day), ["ca", "2000-02-29", "new CA", "every client"]),
        (
            .outsideLimits(hosts: [], limits: "a, b", authority: "ca"),
            ["ca", "limited to a, b", "new CA"]
        ),
        (.noHosts(folder: "tls"), ["tls", "--host"]),
    ]

    @Test(arguments: errors.indices) func certificateErrors(_ index: Int) {
        let (error, parts) = Self.errors[index]
        let text = ErrorText(error as any Error)
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(text.lines.hasPrefix("error: "))
        #expect(text.remedy?.hasSuffix(".") == true)
        #expect(!text.lines.contains("CertificateError"))
    }

    @Test func exitCodes() {
        for (error, _) in Self.errors {
            switch error {
            case .missing, .unreadable: #expect(ExitCodes.code(for: error) == ExitCodes.output)
            default: #expect(ExitCodes.code(for: error) == ExitCodes.refused)
            }
        }
    }

    @Test(arguments: [
        (
            "registry:5000",
            "registry:5000: a certificate names hosts, not ports. Leave out :5000."
        ),
        (
            "https://a",
            "https://a is not a host. Leave out https:// and any path after the host."
        ),
        ("", "--host has an empty name."),
        ("300.1.1.1", "300.1.1.1 is neither a host name nor an IP address."),
        ("a\u{1B}[1m", "a\u{FFFD}[1m: \"\u{FFFD}\" can't be in a host name."),
        ("bücher.de", "(xn--…), as `idn2 bücher.de` prints it."),
        ("*.lan", "Write *.plant.lan"), ("a.*", "Write *.plant.lan"),
        ("::ffff:10.0.0.5", "Write 10.0.0.5."), ("fe80::1%eth0", "Leave out %"),
        ("a.", "a. ends with a dot. Leave it out."), ("a..b", "two dots"), ("-a", "hyphen"),
    ])
    func hostErrors(_ host: String, _ part: String) {
        do throws(HostError) {
            _ = try HostList([host])
            Issue.record("took \(host)")
        } catch {
            #expect(ErrorText(error).sentence.contains(part), "\(ErrorText(error).sentence)")
        }
    }
}
