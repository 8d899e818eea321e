// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension ForeignInput {
    /// Recognizes a file by its first bytes; nil if it may be an archive that regstatic reads.
    ///
    /// Call this only if `StreamFormat` didn't recognize these bytes.
    init?(firstBytes bytes: [UInt8]) {
        if bytes.isEmpty {
            self = .emptyFile
        } else if let known = Self.magics.first(where: { bytes.starts(with: $0.magic) }) {
            self = known.kind
        } else if let text = Self.text(bytes) {
            self = text
        } else {
            return nil
        }
    }

    /// Whether a document is the text that Git stores in place of a large file.
    ///
    /// <https://github.com/git-lfs/git-lfs/blob/v3.5.1/docs/spec.md#the-pointer>
    static func isLFSPointer(_ bytes: [UInt8]) -> Bool { bytes.starts(with: lfsPointerStart) }

    /// A size that no pointer file reaches, according to the specification.
    static let maximumPointer = 1024
    private static let lfsPointerStart = Array("version https://git-lfs.github.com/spec/".utf8)

    private static let magics: [(kind: ForeignInput, magic: [UInt8])] = [
        (.zip, [0x50, 0x4B, 0x03, 0x04]),
        (.zip, [0x50, 0x4B, 0x05, 0x06]),  // without members
        (.zip, [0x50, 0x4B, 0x07, 0x08]),  // split
        (.rar, [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]),
        (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        (.utf16, [0xFF, 0xFE]),
        (.utf16, [0xFE, 0xFF]),
        (.script, Array("#!".utf8)),
        (.lfsPointer, lfsPointerStart),
    ]

    private static func text(_ bytes: [UInt8]) -> ForeignInput? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = (bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...])
            .drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
        let start = String(decoding: body.prefix(20), as: UTF8.self).lowercased()
        if ["<!doctype html", "<html", "<head", "<body"].contains(where: start.hasPrefix) {
            return .webPage
        }
        guard body.allSatisfy({ (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) }) else {
            return nil
        }
        let line = body.prefix { (0x20..<0x7F).contains($0) }.prefix(maximumLine)
        return .text(firstLine: String(decoding: line, as: UTF8.self))
    }

    /// The number of characters of the first line that the error shows, enough to recognize an
    /// error message.
    private static let maximumLine = 80
}
