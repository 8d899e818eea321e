// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Store

/// An OCI layout in a folder, a regstatic site among them.
struct LayoutFolder: MemberSource {
    let members: MemberTable
    private let folder: InputFile

    /// Lists what a layout consists of; other files of the folder are none of our business.
    init(_ folder: InputFile) throws(ArchiveError) {
        self.folder = folder
        var members = MemberTable()
        for name in ["oci-layout", "index.json"] {
            try Self.add(name, of: folder, as: name, to: &members)
        }
        if let path = MemberPath(BlobStore.state), let state = try folder.folder(path) {
            try Self.add(SiteMemory.name, of: state, as: SiteMemory.inputs, to: &members)
        }
        if let path = MemberPath(Digest.blobFolder), let blobs = try folder.folder(path) {
            for name in try blobs.names() {
                try Self.add(name, of: blobs, as: "\(path)/\(name)", to: &members)
            }
        }
        self.members = members
    }

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }

    private static func add(
        _ name: String,
        of folder: InputFile,
        as path: String,
        to members: inout MemberTable
    ) throws(ArchiveError) {
        guard let path = MemberPath(path), let size = try folder.size(of: name) else { return }
        members.insert(.file(MemberFile(path: path, size: size, location: 0)), at: path)
    }
}
