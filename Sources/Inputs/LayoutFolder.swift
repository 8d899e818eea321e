// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI
internal import Streams

/// An unpacked archive, an OCI layout, or a regstatic site in a folder; a site may have lost its
/// index.json.
struct LayoutFolder: MemberSource {
    private(set) var members: MemberTable
    private(set) var unread: [UnreadPath]
    private let folder: InputFile
    var sample: any MemberSource { FolderSample(folder) }

    /// Lists only the files of images, and ignores all other files in the folder.
    ///
    /// Links in a site aren't followed. In other folders, a link is followed if its target is
    /// inside the folder, because Docker before 25 and Bazel write such links.
    init(_ folder: InputFile) throws(ArchiveError) {
        self.folder = folder
        var walk = FolderWalk(keepsLink: SitePath.mayBeLink)
        for path in ["oci-layout", OCILayout.path, SitePath.contentTypes] {
            try walk.add(path, in: folder)
        }
        if !walk.members.contains(SitePath.contentTypes) {
            walk.keepsInnerLinks = true
            // Engines write these files next to index.json, but regstatic doesn't write them into a
            // site, so ignore them in a site.
            for path in [DockerArchive.path, "repositories"] { try walk.add(path, in: folder) }
            try walk.add(Self.sharedBlobs, in: folder)
        }
        for path in [
            Digest.blobFolder, SitePath.manifests, SitePath.inputs, SignaturePath.folder,
        ] {
            try walk.add(path, in: folder)
        }
        // If one of these lists is lost, read `v2/`, because its names still show which images the
        // site had.
        let lists = [OCILayout.path, SitePath.contentTypes]
        if !lists.allSatisfy(walk.members.contains) { try walk.add(SitePath.api, in: folder) }
        (members, unread) = (walk.members, walk.unread)
        // Only manifest.json tells where an archive has its configs and layers. Ignore the error if
        // manifest.json isn't a list of images, because `EngineDrafts` reports it later.
        let listed = (try? DockerArchive(self)).flatMap(\.self)?.images ?? []
        for image in listed {
            for path in [image.config] + image.layers { try walk.add(path, in: folder) }
        }
        if walk.keepsInnerLinks { try walk.addLinkTargets(in: folder) }
        (members, unread) = (walk.members, walk.unread)
    }

    /// The content of a folder of blobs that several layouts share (`skopeo --dest-shared-blob-dir`).
    private static let sharedBlobs = "sha256"

    func open(_ member: MemberFile) throws(ArchiveError) -> any ByteSource {
        FileRange(try folder.open(relative: member.path), offset: 0, size: member.size)
    }
}
