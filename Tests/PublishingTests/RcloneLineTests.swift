// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Publishing
import Testing

/// Lines as rclone 1.60 and 1.75 write them.
@Suite struct RcloneLineTests {
    @Test(arguments: [
        #"{"level":"warning","msg":"\nTransferred","source":"s","stats":{"bytes":30,"eta":null},"time":"t"}"#,
        #"{"time":"t","level":"notice","msg":"\nTransferred","stats":{"bytes":30,"listed":2},"source":"s"}"#,
    ])
    func progress(_ line: String) { #expect(RcloneLine(line) == .done(30)) }

    @Test(arguments: [
        (
            #"{"level":"error","msg":"Failed to copy: no","object":"v2/a","objectType":"x","source":"s"}"#,
            "v2/a: Failed to copy: no"
        ),
        (
            #"{"time":"t","level":"critical","msg":"Failed to backend: no"}"#,
            "Failed to backend: no"
        ),
        ("2026/11/23 Failed to create file system", "2026/11/23 Failed to create file system"),
    ])
    func faults(_ line: String, _ words: String) { #expect(RcloneLine(line) == .fault(words)) }

    @Test(arguments: [
        "", #"{"level":"info","msg":"Copied (new)","object":"v2/a"}"#,
        #"{"level":"notice","msg":"Config file not found - using defaults"}"#,
    ])
    func ignored(_ line: String) { #expect(RcloneLine(line) == .ignored) }
}
