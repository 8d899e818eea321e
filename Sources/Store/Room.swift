// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import Streams

/// What a medium can take, and whether something fits.
package struct Room: Sendable {
    /// Bytes that we may still write.
    package var free: Int
    /// The largest file (bytes): what FAT can name, or what the process is allowed.
    package var largestFile: Int

    /// Whether files of these sizes, none of which is there yet, can be written.
    package func check(_ sizes: [Int]) throws(FileError.Shortage) {
        if let largest = sizes.max(), largest > largestFile {
            throw FileError.Shortage(kind: .fileSize, needed: largest, available: largestFile)
        }
        let needed = sizes.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
        guard needed <= free else {
            throw FileError.Shortage(kind: .space, needed: needed, available: free)
        }
    }
}

extension Folder {
    /// What the folder's medium can take.
    package func room() throws(FileError) -> Room {
        var free: UInt64 = 0
        var kind = 0
        guard unsafe linux_file_system(descriptor, &free, &kind) == 0 else {
            throw .last("look at", path)
        }
        var allowed = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &allowed) == 0 else {
            throw .last("look at", path)
        }
        let limit = Int(clamping: allowed.rlim_cur)
        return Room(
            free: Int(clamping: free),
            largestFile: kind == Self.fat ? min(limit, Int(UInt32.max)) : limit
        )
    }

    /// The kernel's number for FAT, whose sizes have 32 bits.
    private static let fat = 0x4d44
}
