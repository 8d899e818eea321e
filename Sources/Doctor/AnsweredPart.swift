// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP

/// A part of an answer of type multipart/byteranges (RFC 9110, section 14.6).
struct AnsweredPart {
    /// The Content-Range of the part.
    let range: String?
    let content: ArraySlice<UInt8>

    private static let lineEnd = Array("\r\n".utf8)
    private static let end = Array("--".utf8)

    /// The parts of an answer in their order; nil if the answer has another type or lacks its end.
    static func all(in answer: Answer) -> [AnsweredPart]? {
        guard let boundary = answer.boundary else { return nil }
        let delimiter = lineEnd + end + boundary.utf8
        // Add a line end at the start, because the first delimiter may begin the body without one.
        let pieces = (lineEnd + answer.body)
            .split(separator: delimiter, omittingEmptySubsequences: false).dropFirst()
        guard let last = pieces.firstIndex(where: { $0.starts(with: end) }) else { return nil }
        let parts = pieces[..<last].compactMap(AnsweredPart.init)
        return parts.count == last - pieces.startIndex ? parts : nil
    }

    /// Reads headers, an empty line and the content; nil if there is no empty line.
    private init?(_ piece: ArraySlice<UInt8>) {
        guard let gap = piece.firstRange(of: Self.lineEnd + Self.lineEnd) else { return nil }
        let lines = piece[..<gap.lowerBound].split(separator: Self.lineEnd)
        let headers = lines.compactMap { Header(line: String(decoding: $0, as: UTF8.self)) }
        range = headers.first { $0.name.lowercased() == "content-range" }?.value
        content = piece[gap.upperBound...]
    }
}

extension Answer {
    var isMultipart: Bool { boundary != nil }

    /// The boundary between the parts; nil if the answer isn't multipart/byteranges.
    fileprivate var boundary: String? {
        let fields = (self["Content-Type"] ?? "").split(separator: ";")
            .map { $0.drop { $0 == " " } }
        guard fields.first?.lowercased() == "multipart/byteranges",
            let field = fields.first(where: { $0.lowercased().hasPrefix("boundary=") })
        else { return nil }
        let value = field.dropFirst("boundary=".count).filter { $0 != "\"" }
        return value.isEmpty ? nil : value
    }
}
