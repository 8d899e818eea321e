// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The files of a remote, from the listing that rclone prints.
package struct Inventory: Sendable {
    package struct Entry: Hashable, Sendable {
        package let size: Int
        package let hash: String?

        package init(size: Int, hash: String?) {
            self.size = size
            self.hash = hash
        }
    }

    private var entries: [String: Entry] = [:]
    private let hash: WeakHash?

    /// Creates an empty inventory; `hash` is the kind of hash in the remote's listings, nil if they
    /// have no hashes.
    package init(hash: WeakHash?) { self.hash = hash }

    /// Adds the output of `rclone lsjson`, an array with one object per line.
    ///
    /// This function parses each line separately, because the whole listing may exceed the size
    /// limit of a JSON document.
    package mutating func add(listing: [UInt8], below prefix: String = "") {
        for line in listing.split(separator: UInt8(ascii: "\n")) {
            let document = line.last == UInt8(ascii: ",") ? line.dropLast() : line
            guard document.first == UInt8(ascii: "{"),
                let json = try? JSON(parsing: Array(document)),
                let path = json["Path"]?.string, let size = json["Size"]?.integer
            else { continue }
            let found = hash.flatMap { json["Hashes"]?[$0.rawValue]?.string }
            entries[prefix + path] = Entry(size: size, hash: found)
        }
    }

    package subscript(_ key: String) -> Entry? { entries[key] }

    /// Whether the remote has an object with the same content.
    ///
    /// If the key contains the digest, comparing the size is enough, because a truncated object has
    /// another size.
    package func holds(_ object: Publication.Object) -> Bool {
        guard let entry = entries[object.key], entry.size == object.size else { return false }
        guard !object.label.isNamedByContent else { return true }
        guard case .bytes(let bytes) = object.content, let hash = entry.hash else { return false }
        return self.hash?.hex(of: bytes) == hash
    }
}
