// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Store
internal import Streams

extension AllowedSigners {
    /// The machine's list of signers; if it exists, only bundles that they signed are accepted.
    package static let machinePath = "/etc/regstatic/allowed_signers"

    /// Reads a file that the user named.
    ///
    /// - Throws: `FileError` if it can't be read, `SignersError` if it isn't a regular file or is too
    ///   large.
    package init(file path: String) throws {
        guard let reader = try FileReader(path) else { throw SignersError.noFile(path) }
        guard let text = try reader.contents(limit: Self.maximumSize) else {
            throw SignersError.tooLarge(path, limit: Self.maximumSize)
        }
        try self.init(text, path: path)
    }

    /// Reads the machine's list; nil only if it doesn't exist.
    ///
    /// The folder of the list is followed if it is a link. A link that leads nowhere is an error,
    /// because the list on a disk that isn't mounted must not be taken for no list.
    ///
    /// - Throws: the same errors as `init(file:)`.
    package static func ofMachine(_ path: String = machinePath) throws -> AllowedSigners? {
        do { return try AllowedSigners(file: path) } catch let error as FileError
            where error.isAbsent
        {
            if let link = FileReader.danglingLink(path) { throw SignersError.danglingLink(link) }
            return nil
        }
    }
}
