// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Streams

/// An archive or folder whose missing content comes from the other inputs of the run and from the
/// store.
///
/// `members` still has only the members of the archive itself.
struct CompletedSource: MemberSource {
    let input: any MemberSource
    let place: SharedContent.Place
    let shared: SharedContent

    var members: MemberTable { input.members }
    var unread: [UnreadPath] { input.unread }
    var hasEndMark: Bool { input.hasEndMark }
    var sample: any MemberSource { input.sample }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource {
        if let lent = shared.lent(file) { return try lent.open() }
        return try input.open(file)
    }

    func spooled(_ file: MemberFile) -> SpooledMember? {
        if let lent = shared.lent(file) { return lent.spooled }
        return input.spooled(file)
    }

    func elsewhere(_ wanted: WantedContent) -> MemberFile? {
        shared.find(wanted, for: place)
    }
}
