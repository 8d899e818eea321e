// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import Publishing
import Testing

@testable import Commands

@Suite struct PublishErrorTextTests {
    static let errors: [(PublishError, [String], ExitCode)] = [
        (.noRclone, ["rclone", "apt install rclone"], ExitCodes.program),
        (.failed(status: 7), ["status 7", "run the same command again"], ExitCodes.program),
        (.strange(command: "lsjson"), ["rclone lsjson", "1.60"], ExitCodes.program),
        (.interrupted(signal: 15), ["interrupted", "Run the same"], ExitCode(143)),
        (.noBucket("s3:"), ["s3: has no bucket", "s3:BUCKET"], .validationFailure),
        (.noFolder("s3:b"), ["s3:b is a bucket", "--for"], .validationFailure),
        (.faults(site: "x", count: 2), ["x has 2 faults", "Build"], ExitCodes.faults),
    ]

    @Test(arguments: errors.indices) func publishErrors(_ index: Int) {
        let (error, parts, code) = Self.errors[index]
        let text = ErrorText(error as any Error)
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(text.remedy?.hasSuffix(".") == true)
        #expect(!text.lines.contains("PublishError"))
        #expect(ExitCodes.code(for: error) == code)
    }

    static let limits: [(StaticHost.Limit, [String])] = [
        (.fileSize(key: "v2/a", size: 30_000_000, limit: 25 << 20), ["v2/a", "30 MB", "26.2 MB"]),
        (.files(count: 20_001, limit: 20_000), ["20001", "20000"]),
        (.rules(count: 101, limit: 100), ["101 rules", "100", "--format docker"]),
        (.mixedTypes(folder: "v2/a/manifests"), ["v2/a/manifests", "several types"]),
        (.page(key: "v2/a/manifests/1.html"), ["1.html", "another tag"]),
    ]

    @Test(arguments: limits.indices) func limitsOfHosts(_ index: Int) {
        let (limit, parts) = Self.limits[index]
        let text = ErrorText(limit as any Error)
        for part in parts { #expect(text.lines.contains(part), "\(text.lines)") }
        #expect(text.remedy?.hasSuffix(".") == true)
        #expect(ExitCodes.code(for: limit) == ExitCodes.refused)
    }
}
