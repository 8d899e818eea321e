// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A second in the life of a certificate.
package struct Moment: Hashable, Comparable, Sendable {
    /// Since 1970, UTC.
    package let seconds: Int

    package init(seconds: Int) { self.seconds = seconds }

    package static var now: Moment { Moment(seconds: time(nil)) }

    package func adding(days: Int) -> Moment { Moment(seconds: seconds + days * Self.day) }

    /// Whole days to go; negative when it has passed.
    package func days(after now: Moment) -> Int {
        Int((Double(seconds - now.seconds) / Double(Self.day)).rounded(.down))
    }

    package static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    private static let day = 86_400
}

extension Moment: CustomStringConvertible {
    /// The day, in UTC: `2026-11-23`.
    package var description: String {
        var seconds = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&seconds, &parts) != nil else { return "\(self.seconds)" }
        let (year, month, day) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
        return "\(year)-\(Self.pair(month))-\(Self.pair(day))"
    }

    /// To the second, as machines read it: `2026-11-23T08:15:00Z`.
    package var timestamp: String {
        let second = ((seconds % Self.day) + Self.day) % Self.day
        let parts = [second / 3600, second / 60 % 60, second % 60].map { Self.pair(Int32($0)) }
        return "\(self)T\(parts.joined(separator: ":"))Z"
    }

    private static func pair(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
