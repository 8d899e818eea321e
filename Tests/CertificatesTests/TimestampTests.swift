// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Certificates

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (4_102_444_800, "2100-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
    ])
    func texts(_ seconds: Int, _ text: String) {
        #expect(Timestamp(seconds: seconds).timestamp == text)
        #expect(text.hasPrefix("\(Timestamp(seconds: seconds))T"))
    }

    @Test func days() {
        let now = Timestamp(seconds: 1_000_000)
        #expect(now.adding(days: 3).days(after: now) == 3)
        #expect(Timestamp(seconds: 1_000_000 + 86_399).days(after: now) == 0)
        #expect(Timestamp(seconds: 999_999).days(after: now) == -1)
    }
}
