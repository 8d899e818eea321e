// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Streams

/// An archive whose members are all in one folder, presented without that folder.
struct Unwrapped: MemberSource {
    let members: MemberTable
    private let source: any MemberSource
    var unread: [UnreadPath] { source.unread }

    init(_ source: any MemberSource, members: MemberTable) {
        self.source = source
        self.members = members
    }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource { try source.open(file) }
    func spooled(_ file: MemberFile) -> SpooledMember? { source.spooled(file) }
}
