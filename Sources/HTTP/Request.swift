// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A request to a server.
package struct Request: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    package var method: Method
    /// The absolute URL, which is sent unchanged.
    package var url: String
    package var headers: [Header]

    package init(_ method: Method, _ url: String, headers: [Header] = []) {
        self.method = method
        self.url = url
        self.headers = headers
    }

    /// The body for methods that need one: JSON that is not valid for a registry.
    var body: String? {
        switch method {
        case .put, .post: "{}"
        case .get, .head, .delete: nil
        }
    }
}

/// A header line.
package struct Header: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Reads `Name: value`; nil for any other line.
    package init?(line: some StringProtocol) {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        name = String(parts[0])
        value = Self.trimmed(parts[1])
    }

    package var description: String { "\(name): \(value)" }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let tail = text.drop(while: isSpace)
        return String(
            tail.prefix(
                tail.lastIndex { !isSpace($0) }
                    .map {
                        tail.distance(from: tail.startIndex, to: $0) + 1
                    } ?? 0
            )
        )
    }
}
