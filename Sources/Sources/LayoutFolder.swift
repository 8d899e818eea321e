// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive

/// An OCI layout in a folder, a regstatic site among them.
struct LayoutFolder: MemberSource {
    let members: MemberTable
    private let folder: InputFile

    /// Lists what a layout consists of; other files of the folder are none of our business.
    init(_ folder: InputFile) throws(ArchiveError) {
        self.folder = folder
        var members = MemberTable()
        for name in ["oci-layout", "index.json"] {
            try Self.add(name, of: folder, to: &members)
        }
        for name in try folder.names(in: "blobs/sha256") {
            try Self.add("blobs/sha256/\(name)", of: folder, to: &members)
        }
        self.members = members
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }

    private static func add(
        _ name: String,
        of folder: InputFile,
        to members: inout MemberTable
    ) throws(ArchiveError) {
        guard let path = MemberPath(name), let size = try folder.size(relative: path) else {
            return
        }
        members.insert(.file(MemberFile(path: path, size: size, location: 0)), at: path)
    }
}
