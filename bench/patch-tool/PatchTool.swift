// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import Patches
import Streams

/// Makes and applies patches between raw layers, to measure them.
///
///     patch-tool make THREADS TARGET PATCH BASE...
///     patch-tool apply PATCH TARGET BASE...
@main enum PatchTool {
    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "make" where words.count > 4:
            try make(words[2], words[3], bases: Array(words[4...]), threads: Int(words[1]) ?? 1)
        case "apply" where words.count > 3:
            try apply(words[1], words[2], bases: Array(words[3...]))
        default:
            print("patch-tool make THREADS TARGET PATCH BASE... | apply PATCH TARGET BASE...")
            exit(2)
        }
    }

    /// A digest isn't measured here: layers have theirs already.
    private static func layer(_ path: String) throws -> PatchEncoder.Layer {
        PatchEncoder.Layer(diffID: Digest(of: []), file: try MappedFile(path: path))
    }

    private static func make(
        _ target: String,
        _ output: String,
        bases: [String],
        threads: Int
    ) throws {
        let encoder = PatchEncoder(
            target: try layer(target),
            bases: try bases.map(layer),
            threads: threads
        )
        let descriptor = create(output)
        _ = try encoder.make { bytes throws(StreamError) in try write(bytes, to: descriptor) }
    }

    private static func apply(_ patch: String, _ output: String, bases: [String]) throws {
        let decoder = try PatchDecoder(
            try ReadFile(patch),
            bases: try bases.map { try ReadFile($0) }
        )
        let descriptor = create(output)
        try decoder.run { bytes throws(StreamError) in try write(bytes, to: descriptor) }
    }

    private static func create(_ path: String) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else {
            perror(path)
            exit(1)
        }
        return descriptor
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32
    ) throws(StreamError) {
        var done = 0
        while done < bytes.count {
            let start = bytes.baseAddress.map { $0 + done }
            let count = Glibc.write(descriptor, start, bytes.count - done)
            guard count > 0 else { throw .system(operation: "write", errno: errno) }
            done += count
        }
    }
}

/// A file that is read and not mapped, so that its pages aren't counted as memory.
private final class ReadFile: RandomAccess {
    private let descriptor: Int32
    let size: Int

    init(_ path: String) throws(StreamError) {
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw .system(operation: "open", errno: errno) }
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) {
        let count: Int
        do throws(SystemRead.Failure) {
            count = try SystemRead.fill(buffer, from: descriptor, at: offset)
        } catch { throw .system(operation: "read", errno: error.errno) }
        guard count == buffer.count else { throw .truncated }
    }
}
