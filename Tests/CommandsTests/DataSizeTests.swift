// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

@testable import Commands

/// Sizes that the user gives.
@Suite struct DataSizeTests {
    @Test(arguments: [
        ("1", 1), ("512", 512), ("700M", 700_000_000), ("700m", 700_000_000), ("1k", 1000),
        ("1KB", 1000), ("1KiB", 1024), ("4.5GB", 4_500_000_000), ("4GiB", 4 << 30),
        ("0.5MiB", 1 << 19), (".5k", 500), ("1.5", 1), ("2T", 2_000_000_000_000),
        ("2TiB", 2 << 40), ("cd", 730_000_000), ("DVD", 4_294_901_760),
        ("9007199254740993", 9_007_199_254_740_992),
    ])
    func valid(_ text: String, _ bytes: Int) {
        #expect(DataSize(argument: text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", " ", "0", "0M", "0.4", "-1", "-1M", "+1", "M", "GiB", ".", "1.2.3", "1e9", "1 M", "1M ",
        "1X", "1MM", "1MiBs", "0x10", "inf", "nan", "1,5G", "½", "٣M", "bluray", "dvd2",
        "99999999999999999999", "9999999999T", "1" + String(repeating: "0", count: 400),
    ])
    func invalid(_ text: String) { #expect(DataSize(argument: text) == nil) }
}
