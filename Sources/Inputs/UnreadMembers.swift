// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import SiteModel

// Images of other kinds in a tar of which images were read. For a folder, `InputOpener` finds them.
extension MemberSource {
    /// Finds the other images; `needs` are the files of the images that were read.
    ///
    /// The paths include the folders that wrap all members, because the remedy unpacks the tar.
    func unreadParts(besides needs: [BlobNeed]) throws(SourceFault) -> [UnreadPart] {
        guard !members.contains(SitePath.contentTypes) else { return [] }
        var unread: [UnreadPart] = []
        let hasList = members.contains(OCILayout.path) || members.contains(DockerArchive.path)
        let registry = RegistryVolume.folder(in: members)
        if hasList, let registry { unread.append(.registry(registry)) }
        if hasList || registry != nil {
            let layouts = LayoutsBelow.folders(in: members).map(place)
            if !layouts.isEmpty { unread.append(.layouts(layouts.sorted())) }
        }
        let archives = try archives(besides: Set(needs.map(\.file)))
        if !archives.isEmpty { unread.append(.archives(archives.sorted())) }
        return unread
    }

    /// The path of a layout's folder in the tar.
    private func place(of layout: String) -> String {
        guard let index = try? members.file("\(layout)/\(OCILayout.path)") else { return layout }
        return index.path.components.dropLast().joined(separator: "/")
    }

    private func archives(besides known: Set<MemberFile>) throws(SourceFault) -> [String] {
        var count = 0
        var archives: [String] = []
        for (path, file) in members.files
        where ImagesBeside.isArchive(path) && !known.contains(file)
            && !path.components.contains(where: { $0.hasPrefix(".") })
        {
            count += 1
            guard count <= UnreadPart.maximumArchives else { break }
            let isArchive = try reading(file.path.description) { () throws(ArchiveError) in
                try ImagesBeside.isArchiveOfImages(try open(file))
            }
            if isArchive { archives.append(file.path.description) }
        }
        return archives
    }
}

extension UnreadPart {
    /// The maximum number of files in a tar that are opened to find out whether they have images.
    fileprivate static let maximumArchives = 1000
}
