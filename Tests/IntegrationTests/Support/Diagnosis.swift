// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

extension Workspace {
    /// What `doctor` finds, as check and verdict; and that its exit code fits.
    func doctor(_ url: String, _ options: [String] = []) throws -> [String: String] {
        let outcome = try start([Self.regstatic, "doctor", url, "--json"] + options).wait()
        let document = try JSON(parsing: outcome.output)
        let checks = try #require(document["checks"]?.array)
        var problems: [String: String] = [:]
        for check in checks where check["findings"] != nil {
            problems[check["id"]?.string ?? ""] = check["verdict"]?.string
            #expect(check["fix"]?.string?.isEmpty == false)
        }
        let isHealthy = !problems.values.contains("fail")
        #expect(outcome.status == (isHealthy ? 0 : 1))
        #expect(document["ok"] == .bool(isHealthy))
        #expect(outcome.errors.isEmpty)
        return problems
    }
}
