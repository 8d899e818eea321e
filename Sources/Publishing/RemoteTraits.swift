// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// The features of a remote, as `rclone backend features` prints them.
package struct RemoteTraits: Hashable, Sendable {
    package let form: RemoteForm
    /// Whether the remote can copy an object without a download.
    package let copies: Bool
    /// Whether rclone can write an object whose key ends with a slash to this remote.
    package let holdsRootKey: Bool
    /// The kind of hash in the remote's listings; nil if they have none.
    package let hash: WeakHash?
    /// Whether the remote is a whole account, so that the site's first folder would become a
    /// bucket.
    package let lacksBucket: Bool

    package init(
        form: RemoteForm,
        copies: Bool = false,
        holdsRootKey: Bool = false,
        hash: WeakHash? = nil,
        lacksBucket: Bool = false
    ) {
        self.form = form
        self.copies = copies
        self.holdsRootKey = holdsRootKey
        self.hash = hash
        self.lacksBucket = lacksBucket
    }

    /// Nil if the JSON is not the output of `rclone backend features`.
    package init?(_ json: JSON) {
        guard let features = json["Features"] else { return nil }
        let hashes = (json["Hashes"]?.array ?? []).compactMap(\.string)
        let isBucket = features["BucketBased"] == .bool(true)
        form = isBucket && features["WriteMimeType"] == .bool(true) ? .objects : .files
        copies = features["Copy"] == .bool(true)
        // Only S3 and GCS can store a key that ends with a slash. rclone's description of a remote
        // begins with the backend's name.
        let description = json["String"]?.string ?? ""
        holdsRootKey = isBucket && ["S3 ", "GCS "].contains(where: description.hasPrefix)
        hash = WeakHash.allCases.first { hashes.contains($0.rawValue) }
        lacksBucket = isBucket && json["Root"]?.string?.isEmpty != false
    }
}
