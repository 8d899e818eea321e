// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A short text for messages, from bytes that somebody else wrote.
enum ForeignText {
    /// The number of characters after which a text is cut.
    static let maximumLength = 80

    static func shown(_ bytes: some Collection<UInt8>) -> String {
        let text = bytes.prefix(maximumLength)
            .map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: text, as: UTF8.self) + (bytes.count > maximumLength ? "…" : "")
    }

    static func shown(_ text: String) -> String { shown(Array(text.utf8)) }
}
