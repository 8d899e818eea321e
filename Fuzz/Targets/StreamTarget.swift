// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import Streams

/// A compressed stream: its content is the same however the bytes arrive and are asked for.
enum StreamTarget {
    private static let sizes = [1, 2, 3, 7, 16, 64, 509, 4096]

    static func run(_ format: StreamFormat, _ bytes: [UInt8], _ options: Int) {
        let whole = outcome(format, bytes)
        let pieces = sizes[options & 7]
        let size = sizes[options >> 3 & 7] * 8
        let parts = outcome(format, bytes, pieces: pieces, reading: size)
        let how = "in pieces of \(pieces), read by \(size)"
        if whole.error == nil, parts.error == nil {
            expect(whole.bytes == parts.bytes, "another content \(how)")
        } else {
            // What a decoder put into a buffer before it failed is lost, and it decodes some content
            // before it is asked for that: so the bytes end at any place before the fault.
            let (short, long) =
                whole.bytes.count < parts.bytes.count ? (whole, parts) : (parts, whole)
            expect(long.bytes.starts(with: short.bytes), "another start \(how)")
            let errors = [whole.error, parts.error]
            expect(
                !errors.contains(nil) || long.isCut,
                "an error only one way: \(errors), \(how)"
            )
        }
        guard whole.error == nil else { return }
        let lenient = outcome(format, bytes, scope: .run)
        expect(lenient.error == nil && lenient.bytes == whole.bytes, "the tail matters")
    }

    private static func outcome(
        _ format: StreamFormat,
        _ bytes: [UInt8],
        pieces: Int = .max,
        reading size: Int = 64 << 10,
        scope: StreamError.Scope = .layer
    ) -> Outcome {
        let source = Bytes(bytes, pieces: pieces)
        do throws(StreamError) {
            return Outcome(
                of: try DecompressedStream(
                    source,
                    format,
                    scope: scope,
                    within: ExpansionBudget()
                ),
                reading: size
            )
        } catch { fatalError("no reader: \(error)") }
    }
}
