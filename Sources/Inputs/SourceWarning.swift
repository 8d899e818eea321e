// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Something odd about an input that regstatic has read nevertheless.
package enum SourceWarning: Hashable, Sendable {
    /// A tar has no end mark, although no image lacks a part.
    case noEndMark
    /// Bytes that are no archive follow the last archive, and were not read.
    case tail
    /// The input has this number of archives, one after the other; each was read.
    case severalArchives(Int)
}
