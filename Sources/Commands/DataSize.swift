// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser

/// A size that the user gives: `700M`, `4.5GB`, `4GiB`, or the name of a disc.
struct DataSize: Hashable, ExpressibleByArgument {
    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    /// The sizes of the largest files that fit, with some room for the file system of the disc.
    private static let discs = ["cd": 730_000_000, "dvd": 4_294_901_760]

    init?(argument: String) {
        let text = argument.lowercased()
        if let bytes = Self.discs[text] {
            self.bytes = bytes
            return
        }
        let number = text.prefix { $0.isNumber || $0 == "." }
        guard let value = Double(number), value > 0,
            let unit = Self.units[String(text.dropFirst(number.count))],
            let bytes = Int(exactly: (value * Double(unit)).rounded(.down)), bytes > 0
        else { return nil }
        self.bytes = bytes
    }

    private static let units: [String: Int] = [
        "": 1, "k": 1000, "kb": 1000, "kib": 1 << 10, "m": 1_000_000, "mb": 1_000_000,
        "mib": 1 << 20, "g": 1_000_000_000, "gb": 1_000_000_000, "gib": 1 << 30,
        "t": 1_000_000_000_000, "tb": 1_000_000_000_000, "tib": 1 << 40,
    ]
}
