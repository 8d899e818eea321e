// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CLinux
internal import Glibc
package import Streams

/// The free space of a medium, and the maximum size of a file on it.
package struct DiskSpace: Sendable {
    /// The free bytes that regstatic may use.
    package var free: Int
    /// The maximum size of a file in bytes, which FAT or the process's resource limit may restrict.
    package var largestFile: Int

    /// Checks whether new files of these sizes can be written.
    package func check(_ sizes: [Int]) throws(FileError.Shortage) {
        let sum = sizes.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
        try check(largest: sizes.max() ?? 0, sum: sum)
    }

    /// Checks whether new files can be written of which the largest has a size, and which need some
    /// bytes at the same time.
    func check(largest: Int, sum: Int) throws(FileError.Shortage) {
        guard largest <= largestFile else {
            throw FileError.Shortage(kind: .fileSize, needed: largest, available: largestFile)
        }
        guard sum <= free else {
            throw FileError.Shortage(kind: .space, needed: sum, available: free)
        }
    }
}

extension Folder {
    /// Returns the capacity of the folder's medium.
    package func room() throws(FileError) -> DiskSpace {
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
        return DiskSpace(
            free: Int(clamping: free),
            largestFile: kind == Self.fat ? min(limit, Int(UInt32.max)) : limit
        )
    }

    /// The kernel's magic number for FAT, which limits file sizes because it stores them in 32
    /// bits.
    private static let fat = 0x4d44
}
