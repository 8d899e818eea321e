// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A point in time with a resolution of one second.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970, UTC.
    package let seconds: Int

    package init(seconds: Int) { self.seconds = seconds }

    package func adding(days: Int) -> Timestamp { Timestamp(seconds: seconds + days * Self.day) }

    /// Returns the whole days from `now` until this moment; negative if it has passed.
    package func days(after now: Timestamp) -> Int {
        Int((Double(seconds - now.seconds) / Double(Self.day)).rounded(.down))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    private static let day = 86_400
}

extension Timestamp: CustomStringConvertible {
    /// The day, in UTC: `2026-11-23`.
    package var description: String {
        let (year, month, day) = civilDate
        return "\(year)-\(Self.pair(month))-\(Self.pair(day))"
    }

    /// The date of the Gregorian calendar.
    ///
    /// The years in the computation begin in March, so that the leap day is the last day of a year.
    /// An era is 400 of these years, because any 400 consecutive years have the same number of
    /// days.
    private var civilDate: (year: Int, month: Int, day: Int) {
        let sinceMarchOfYear0 = Int((Double(seconds) / Double(Self.day)).rounded(.down)) + 719_468
        let era =
            (sinceMarchOfYear0 >= 0 ? sinceMarchOfYear0 : sinceMarchOfYear0 - 146_096) / 146_097
        let dayOfEra = sinceMarchOfYear0 - era * 146_097
        let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    /// The time in RFC 3339 format, for programs: `2026-11-23T08:15:00Z`.
    package var timestamp: String {
        let second = ((seconds % Self.day) + Self.day) % Self.day
        let parts = [second / 3600, second / 60 % 60, second % 60].map { Self.pair($0) }
        return "\(self)T\(parts.joined(separator: ":"))Z"
    }

    private static func pair(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
