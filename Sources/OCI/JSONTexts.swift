// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Decodes the texts of a JSON document, so that equal long texts share their memory.
///
/// Lists of images repeat keys, types and digests.
struct JSONTexts {
    /// Some of the texts so far, each at the place that its last bytes select.
    private var texts: [String]

    /// Takes the size of the document in bytes; a small document is not worth the memory.
    init(documentSize: Int) {
        texts = [String](repeating: "", count: documentSize < 1 << 16 ? 0 : 256)
    }

    /// Decodes a text without escapes; nil if it isn't UTF-8.
    mutating func decode(_ text: ArraySlice<UInt8>) -> String? {
        // Swift stores shorter texts without allocating memory.
        guard !texts.isEmpty, (16...128).contains(text.count) else { return Self.string(text) }
        let place = Self.place(of: text)
        let isSame = unsafe texts[place].utf8
            .withContiguousStorageIfAvailable { unsafe $0.elementsEqual(text) }
        if isSame == true { return texts[place] }
        let string = Self.string(text)
        if let string { texts[place] = string }
        return string
    }

    /// Nearly all texts are ASCII, which is always valid, and decoding is faster than validating.
    private static func string(_ text: ArraySlice<UInt8>) -> String? {
        let isASCII = text.allSatisfy { $0 < 0x80 }
        return isASCII
            ? String(decoding: text, as: UTF8.self) : String(validating: text, as: UTF8.self)
    }

    /// The place of a text, from its last bytes, because repeated texts differ most at their end.
    private static func place(of text: ArraySlice<UInt8>) -> Int {
        text.suffix(8).reduce(0) { $0 &* 31 &+ Int($1) } & 255
    }
}
