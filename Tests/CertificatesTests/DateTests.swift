// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Certificates
import Testing

/// Days, as people write them.
@Suite struct DateTests {
    @Test(arguments: [
        (0, "1970-01-01"), (-1, "1969-12-31"), (86_399, "1970-01-01"), (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"), (4_107_542_400, "2100-03-01"), (4_107_456_000, "2100-02-28"),
        (1_795_392_000, "2026-11-23"), (253_402_300_799, "9999-12-31"),
        (-62_135_596_800, "0001-01-01"),
    ])
    func day(_ seconds: Int, _ text: String) {
        let expected = text.hasPrefix("0") ? String(text.drop { $0 == "0" }) : text
        #expect(Timestamp(seconds: seconds).description == expected)
    }

    @Test func second() {
        #expect(Timestamp(seconds: 951_782_400 + 3_723).timestamp == "2000-02-29T01:02:03Z")
    }
}
