// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// The ordered steps that publish a site to a remote, which may already have some of the files.
package struct Delivery: Sendable {
    /// Objects that rclone can send in one run, because they need the same options.
    package struct Batch: Sendable {
        package let phase: Publication.Phase
        package let label: Publication.Label
        package fileprivate(set) var objects: [Publication.Object]
    }

    /// Objects that the remote copies itself from one folder to another, so that nothing is sent.
    package struct ServerCopy: Sendable {
        package let source: String
        package let target: String
        package fileprivate(set) var names: [String]
        fileprivate(set) var bytes: Int
    }

    package enum Step: Sendable {
        case send(Batch)
        case copy(ServerCopy)
        /// Sends the object whose key ends with a slash.
        case sendRoot(Publication.Object)
        case remove([String])
    }

    package struct Figures: Hashable, Sendable {
        package private(set) var objects = 0
        package private(set) var bytes = 0

        fileprivate mutating func add(_ size: Int, objects count: Int = 1) {
            objects += count
            bytes = bytes.addingReportingOverflow(size).overflow ? .max : bytes + size
        }
    }

    package private(set) var steps: [Step] = []
    /// The number of files to send, and their size in bytes.
    package private(set) var sent = Figures()
    package private(set) var copied = Figures()
    package private(set) var present = Figures()
    package private(set) var removed = Figures()
    /// The number of bytes that are sent again, because the remote can't copy or because the blob
    /// is too small to copy.
    package private(set) var repeated = 0

    /// The minimum size of a blob for a copy on the remote, because for a smaller blob, sending it
    /// again is faster than starting rclone once more.
    package static let leastCopy = 1 << 20

    /// Plans to send the files that the remote lacks, or all files with `resending`.
    package init(
        of publication: Publication,
        to remote: RemoteTraits,
        holding inventory: Inventory,
        resending: Bool = false
    ) {
        var missing: [Publication.Object] = []
        for object in publication.objects
        where remote.holdsRootKey || object.key != Publication.rootKey {
            if !resending, inventory.holds(object) {
                present.add(object.size)
            } else {
                missing.append(object)
            }
        }
        let copies = takeCopies(
            from: &missing,
            of: publication,
            remote: remote,
            inventory: inventory,
            resending: resending
        )
        for phase in Publication.Phase.allCases {
            let objects = missing.filter { $0.phase == phase }
            // Send the catalog in a later batch, because it leads clients to the other lists, and
            // rclone sends the files of a batch in any order.
            addBatches(objects.filter { $0.key != Publication.catalogKey }, phase)
            addBatches(objects.filter { $0.key == Publication.catalogKey }, phase)
            if phase == .blobs { steps += copies.map(Step.copy) }
            if phase == .tags { remove(publication.stale.filter { inventory[$0] != nil }) }
        }
    }

    /// Removes from `missing` the blobs that the remote can copy, because it has them under another
    /// key or will get them in an earlier step.
    private mutating func takeCopies(
        from missing: inout [Publication.Object],
        of publication: Publication,
        remote: RemoteTraits,
        inventory: Inventory,
        resending: Bool
    ) -> [ServerCopy] {
        var origins: [Digest: Publication.Object] = [:]
        for object in publication.objects where !resending && inventory.holds(object) {
            guard case .blob(let digest) = object.content else { continue }
            origins[digest] = origins[digest] ?? object
        }
        var copies: [String: ServerCopy] = [:]
        var rest: [Publication.Object] = []
        for object in missing {
            guard case .blob(let digest) = object.content, let origin = origins[digest] else {
                if case .blob(let digest) = object.content { origins[digest] = object }
                rest.append(object)
                continue
            }
            guard remote.copies, object.size >= Self.leastCopy else {
                repeated += object.size
                rest.append(object)
                continue
            }
            copied.add(object.size)
            let (source, target) = (origin.folder, object.folder)
            let none = ServerCopy(source: source, target: target, names: [], bytes: 0)
            copies["\(source) \(target)", default: none].names.append(object.name)
            copies["\(source) \(target)", default: none].bytes += object.size
        }
        missing = rest
        return copies.sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func addBatches(
        _ objects: [Publication.Object],
        _ phase: Publication.Phase
    ) {
        var batches: [Batch] = []
        for object in objects {
            sent.add(object.size)
            guard object.key != Publication.rootKey else {
                steps.append(.sendRoot(object))
                continue
            }
            if let index = batches.firstIndex(where: { $0.label == object.label }) {
                batches[index].objects.append(object)
            } else {
                batches.append(Batch(phase: phase, label: object.label, objects: [object]))
            }
        }
        steps += batches.map(Step.send)
    }

    private mutating func remove(_ keys: [String]) {
        guard !keys.isEmpty else { return }
        removed.add(0, objects: keys.count)
        steps.append(.remove(keys))
    }
}

extension Publication.Object {
    /// The position of the last slash in the key; the start of the key if it has no slash.
    private var cut: String.Index { key.lastIndex(of: "/") ?? key.startIndex }

    var folder: String { String(key[..<cut]) }
    package var name: String { String(key[cut...].drop { $0 == "/" }) }
}
