// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel
internal import Store
internal import Streams

/// A program that the user wants on the site's medium, checked and hashed.
package struct ProgramFile: Sendable {
    package let machine: Machine
    package let digest: Digest
    /// Size in bytes.
    let size: Int
    private let path: String

    /// The maximum size in bytes; the static program has about 25 MB.
    package static let maximumSize = 256 << 20
    /// The path of the program that is running.
    package static let running = "/proc/self/exe"

    /// Reads a program for Linux that needs no other file.
    ///
    /// - Throws: `ProgramFault` if the file is something else, `FileError` if it can't be read.
    package init(_ path: String) throws {
        guard let reader = try FileReader(path) else { throw ProgramFault.notAFile }
        guard reader.size <= Self.maximumSize else {
            throw ProgramFault.tooLarge(limit: Self.maximumSize)
        }
        let head = try Self.bytes(0..<min(reader.size, ELFHeader.maximumHead), of: reader)
        let header = try ELFHeader(head, size: reader.size)
        if let dynamic = header.dynamic {
            try header.check(dynamic: try Self.bytes(dynamic, of: reader))
        }
        guard let digest = unsafe try reader.digest(ofNext: reader.size, each: { _ in }) else {
            throw ProgramFault.changed
        }
        (self.path, self.size) = (path, reader.size)
        (self.machine, self.digest) = (header.machine, digest)
    }

    private static func bytes(_ range: Range<Int>, of reader: FileReader) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = unsafe try bytes.withUnsafeMutableBytes { buffer in
            unsafe try reader.read(at: range.lowerBound, into: buffer)
        }
        guard count == range.count else { throw ProgramFault.changed }
        return bytes
    }

    /// Writes the program into a store's staging folder.
    ///
    /// - Throws: `ProgramRefusal` if the file isn't the one that was checked, `FileError`.
    func stage(in store: BlobStore) throws -> StagedBlob {
        let changed = ProgramRefusal.fault(.changed, path: path)
        guard let reader = try FileReader(path), reader.size == size else { throw changed }
        let writer = try store.makeWriter()
        let found = unsafe try reader.digest(ofNext: size) { (bytes) throws(FileError) in
            unsafe try writer.write(bytes)
        }
        guard found == digest else {
            try writer.discard()
            throw changed
        }
        return try writer.finish()
    }
}

/// The change that a build makes to the programs on a site's medium.
package enum ProgramChange: Sendable {
    case keep
    case removeAll
    /// Adds programs, each in place of the one for the same machine.
    case add([ProgramFile])

    var files: [ProgramFile] {
        switch self {
        case .keep, .removeAll: []
        case .add(let files): files
        }
    }

    func apply(to programs: inout SitePrograms) {
        switch self {
        case .keep: break
        case .removeAll: programs = SitePrograms()
        case .add(let files): for file in files { programs[file.machine] = file.digest }
        }
    }
}
