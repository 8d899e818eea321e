// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Checks which texts Go's `time.Time` can decode, namely RFC 3339 times of days that exist.
enum GoTime {
    /// Whether `time.Time` can decode a text, such as `2026-11-28T09:30:00.5+01:00`.
    static func canDecode(_ text: String) -> Bool {
        var rest = text.utf8[...]
        guard let year = take(4, from: &rest), skip("-", in: &rest),
            let month = take(2, from: &rest), (1...12).contains(month), skip("-", in: &rest),
            let day = take(2, from: &rest), (1...days(in: month, of: year)).contains(day),
            skip("T", in: &rest), isClock(&rest), let second = take(":", 2, from: &rest),
            second < 60
        else { return false }
        if skip(".", in: &rest) || skip(",", in: &rest) {
            let digits = rest.prefix { (48...57).contains($0) }
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count)
        }
        if skip("Z", in: &rest) { return rest.isEmpty }
        guard skip("+", in: &rest) || skip("-", in: &rest), isClock(&rest) else { return false }
        return rest.isEmpty
    }

    /// Reads an hour and a minute, `09:30`.
    private static func isClock(_ rest: inout Substring.UTF8View) -> Bool {
        guard let hour = take(2, from: &rest), let minute = take(":", 2, from: &rest) else {
            return false
        }
        return hour < 24 && minute < 60
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 2: isLeapYear ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func skip(_ character: Unicode.Scalar, in rest: inout Substring.UTF8View) -> Bool
    {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func take(
        _ separator: Unicode.Scalar,
        _ count: Int,
        from rest: inout Substring.UTF8View
    ) -> Int? {
        skip(separator, in: &rest) ? take(count, from: &rest) : nil
    }

    /// Reads a number of exactly `count` digits.
    private static func take(_ count: Int, from rest: inout Substring.UTF8View) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
