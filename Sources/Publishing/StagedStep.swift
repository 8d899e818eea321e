// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A step of a delivery, converted to files in a folder and arguments for rclone.
package struct StagedStep: Sendable {
    /// The files to write, with paths relative to the folder.
    package private(set) var files: [FileContent] = []
    /// The links to make; their targets are blobs of the store.
    package private(set) var links: [LinkContent] = []
    package private(set) var arguments: [String] = []

    private let folder: String
    private let store: String
    private let number: Int

    /// Stages a step, with the list of names for rclone in the file `list-<number>`.
    ///
    /// `folder` and `store` are absolute paths.
    package init(
        _ step: Delivery.Step,
        number: Int,
        to remote: RcloneRemote,
        as form: RemoteForm,
        resending: Bool,
        folder: String,
        store: String
    ) {
        (self.number, self.folder, self.store) = (number, folder, store)
        switch step {
        case .send(let batch):
            for object in batch.objects { stage(object, at: "\(Self.objects)/\(object.key)") }
            arguments = remote.send(
                batch,
                as: form,
                from: "\(folder)/\(Self.objects)",
                list: list(batch.objects.map(\.key)),
                resending: resending
            )
        case .copy(let copy):
            arguments = remote.copy(copy, list: list(copy.names), resending: resending)
        case .sendRoot(let object):
            stage(object, at: "root")
            arguments = remote.sendRoot(object.label, file: "\(folder)/root")
        case .remove(let keys): arguments = remote.remove(list: list(keys))
        }
    }

    private static let objects = "objects"

    private mutating func stage(_ object: Publication.Object, at path: String) {
        switch object.content {
        case .bytes(let bytes): files.append(FileContent(path, bytes))
        case .blob(let digest):
            links.append(LinkContent(path, target: "\(store)/\(digest.blobPath)"))
        }
    }

    /// Adds a file with one name per line, and returns its path; no key contains a line feed.
    private mutating func list(_ names: [String]) -> String {
        let text = names.map { "\($0)\n" }.joined()
        files.append(FileContent("list-\(number)", Array(text.utf8)))
        return "\(folder)/list-\(number)"
    }
}
