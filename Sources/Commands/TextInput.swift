// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Glibc
internal import Streams

/// A text that the user gives, such as a list of images.
enum TextInput {
    /// The limit in bytes.
    static let maximumSize = 16 << 20

    /// Reads a file, a pipe, or for `-` standard input.
    ///
    /// - Throws: `FileError` if it can't be read, or is larger than `maximumSize`.
    static func read(_ path: String) throws -> String {
        let isStandard = path == "-"
        let name = isStandard ? "standard input" : path
        let file: InputFile
        do throws(ArchiveError) {
            file = try isStandard ? .standardInput() : InputFile(path: path)
        } catch {
            guard case .stream(.system(let operation, let code)) = error else { throw error }
            throw FileError(operation, name, code: code)
        }
        var bytes = [UInt8](repeating: 0, count: maximumSize + 1)
        let count: Int
        do {
            count = unsafe try bytes.withUnsafeMutableBytes {
                unsafe try SystemRead.fill($0, from: file.descriptor)
            }
        } catch let error as SystemRead.Failure { throw FileError("read", name, code: error.errno) }
        guard count <= maximumSize else { throw FileError("read", name, code: EFBIG) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
