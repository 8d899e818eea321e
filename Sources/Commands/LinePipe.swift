// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Store
internal import Streams

/// A pipe into which another program writes lines.
final class LinePipe {
    private let reading: Int32
    /// The writing end, of which the program gets a copy.
    let writing: Int32
    private var isOpen = true

    init() throws(FileError) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw FileError("open", "a pipe", code: errno) }
        // Close both ends in the program, which inherits only a copy of the writing end.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        closeWriting()
        close(reading)
    }

    /// Closes this process's copy of the writing end, because otherwise `read` would never return.
    func closeWriting() {
        if isOpen { close(writing) }
        isOpen = false
    }

    /// Passes each line to `handle` until the program closes the pipe; long lines are cut.
    func read(_ handle: (String) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var line: [UInt8] = []
        while true {
            let count = unsafe Glibc.read(reading, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    handle(String(decoding: line, as: UTF8.self))
                    line = []
                } else if line.count < Self.limit {
                    line.append(byte)
                }
            }
        }
        if !line.isEmpty { handle(String(decoding: line, as: UTF8.self)) }
    }

    private static let limit = 1 << 20
}
