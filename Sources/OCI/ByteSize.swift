// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A number of bytes as people read it.
package enum ByteSize {
    /// Renders a size in decimal units, as disk vendors and registries do: `1.2 GB`.
    package static func text(_ bytes: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        var (value, unit) = (Double(bytes), 0)
        while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        guard unit > 0 else { return "\(bytes) B" }
        // Show at most three significant digits.
        let tenths = Int((value * 10).rounded())
        guard value < 99.95, tenths % 10 != 0 else {
            return "\(Int(value.rounded())) \(units[unit])"
        }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
