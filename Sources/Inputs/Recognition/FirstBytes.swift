// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Streams

extension ForeignInput {
    /// Recognizes a stream, and returns it with the bytes that were read for this.
    ///
    /// Throws if it isn't an archive that regstatic reads; `outer` is its compression, if it has one.
    static func refuse(
        _ stream: any ByteSource,
        beginning head: [UInt8],
        in outer: StreamFormat? = nil
    ) throws(SourceFault) -> any ByteSource {
        // A disc image, or the beginning of a tar, may begin with zeros.
        let isOther = StreamFormat(sniffing: head) == .other
        guard isOther || head.allSatisfy({ $0 == 0 }) else { return stream }
        let start = try streaming(nil) { () throws(StreamError) in
            try stream.bytes(discMarkOffset + discMark.count)
        }
        let isDisc = start.dropFirst(discMarkOffset).elementsEqual(discMark)
        let kind = isDisc ? .disc : isOther ? ForeignInput(firstBytes: head) : nil
        guard let kind else { return Prefixed(start, stream) }
        throw .foreign(outer.map(kind.compressed) ?? kind)
    }

    /// The identifier of the first volume descriptor, which is in sector 16 (ECMA-119, section 8.1).
    private static let discMark = Array("CD001".utf8)
    private static let discMarkOffset = 16 * 2048 + 1

    /// The kind of a compressed file, if its content is needed to make use of it.
    private func compressed(by outer: StreamFormat) -> ForeignInput {
        switch self {
        case .zip, .rar, .sevenZip, .disc, .singularity, .script:
            .compressed(self, outer: "\(outer)")
        default: self
        }
    }

    /// Recognizes a file by its first bytes; nil if it may be an archive that regstatic reads.
    ///
    /// Call this only if `StreamFormat` didn't recognize these bytes.
    init?(firstBytes bytes: [UInt8]) {
        if bytes.isEmpty {
            self = .emptyFile
        } else if bytes.dropFirst(Self.sifMarkOffset).starts(with: Self.sifMark) {
            self = .singularity
        } else if let known = Self.magics.first(where: { bytes.starts(with: $0.magic) }) {
            self = known.kind
        } else if let text = Self.text(bytes) {
            self = text
        } else {
            return nil
        }
    }

    /// The mark in the header of a SIF file, which follows a line that makes the file a script.
    ///
    /// <https://github.com/sylabs/sif/blob/v2.19.1/pkg/sif/sif.go>
    private static let sifMark = Array("SIF_MAGIC".utf8)
    private static let sifMarkOffset = 32

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
