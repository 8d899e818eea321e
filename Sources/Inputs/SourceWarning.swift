// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A warning about an unusual input that regstatic has read nevertheless.
package enum SourceWarning: Hashable, Sendable {
    /// A tar has no end mark, although no image lacks a part.
    case noEndMark
    /// After the last archive, the input has other bytes, which regstatic didn't read.
    case tail
    /// The input has this number of consecutive archives, and regstatic read all of them.
    case severalArchives(Int)
    /// The member is damaged; an intact copy from another input or from the site was used.
    case damaged(member: String)
    /// The member is damaged, but no image needs it.
    case unneeded(member: String)
}
