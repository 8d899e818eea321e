// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import Streams

/// An archive whose members are all in one folder, presented without the wrapping folders.
struct Unwrapped: MemberSource {
    let members: MemberTable
    private let source: any MemberSource
    var unread: [UnreadPath] { source.unread }
    var hasEndMark: Bool { source.hasEndMark }
    var cut: SourceFault? { source.cut }

    /// Presents `members` as the members of a source.
    init(_ source: any MemberSource, members: MemberTable) {
        (self.source, self.members) = (source, members)
    }

    /// Removes the wrapping folders of a source; nil if it has none.
    init?(_ source: any MemberSource) {
        let folders = source.members.wrappingFolders
        let inner = folders.joined(separator: "/")
        // If the innermost wrapping folder has a list of images, remove all wrapping folders.
        // Without a list, the input may be a registry's data, whose own folders must stay, so
        // remove only the outermost folder.
        let hasList = Self.lists.contains { source.members.contains("\(inner)/\($0)") }
        let dropped = hasList ? folders : Array(folders.prefix(1))
        guard !folders.isEmpty, let members = source.members.dropping(dropped) else { return nil }
        (self.source, self.members) = (source, members)
    }

    private static let lists = [
        DockerArchive.path, OCILayout.path, "oci-layout", "repositories", SitePath.contentTypes,
    ]

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource { try source.open(file) }
    func spooled(_ file: MemberFile) -> SpooledMember? { source.spooled(file) }
    func elsewhere(_ wanted: WantedContent) -> MemberFile? { source.elsewhere(wanted) }
}
