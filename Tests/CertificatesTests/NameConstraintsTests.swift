// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

@testable import Certificates

@Suite struct NameConstraintsTests {
    @Test(arguments: [
        ("plant.lan", "plant.lan", true), ("plant.lan", "r.plant.lan", true),
        ("plant.lan", "*.plant.lan", true), ("plant.lan", "explant.lan", false),
        ("r.plant.lan", "plant.lan", false), ("*.plant.lan", "r.plant.lan", true),
        ("*.plant.lan", "elsewhere.lan", false), ("10.0.0.5", "10.0.0.5", true),
        ("10.0.0.5", "10.0.0.6", false), ("10.0.0.5", "::1", false), ("::1", "::1", true),
        ("registry", "10.0.0.5", false), ("10.0.0.5", "registry", false),
    ])
    func allow(_ limit: String, _ host: String, _ isAllowed: Bool) throws {
        #expect(try NameConstraints([Host(limit)]).allow(Host(host)) == isAllowed)
    }

    /// What is written into a CA is what is read from it.
    @Test(arguments: ["registry.plant.lan,10.0.0.5,::1", "a", "10.0.0.5", "*.a.b,a.b"])
    func survive(_ text: String) throws {
        let authority = try Authority(for: HostList([text]), now: .now)
        #expect(authority.certificate.limits?.description == authority.limits.description)
        for host in try HostList([text]).hosts {
            #expect(authority.certificate.limits?.allow(host) == true)
        }
    }
}
