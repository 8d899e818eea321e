// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// What a remote can do, as `rclone backend features` tells.
package struct RemoteTraits: Hashable, Sendable {
    package let form: RemoteForm
    /// Whether it copies an object itself, without the bytes passing through here.
    package let copies: Bool
    /// Whether rclone can give a key a slash at its end there.
    package let holdsRootKey: Bool
    /// What its listing tells of contents.
    package let hash: WeakHash?
    /// Whether it is a whole account, in which the first folder would become a bucket.
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

    /// Nil if that isn't what rclone prints.
    package init?(_ json: JSON) {
        guard let features = json["Features"] else { return nil }
        let hashes = (json["Hashes"]?.array ?? []).compactMap(\.string)
        let isBucket = features["BucketBased"] == .bool(true)
        form = isBucket && features["WriteMimeType"] == .bool(true) ? .objects : .files
        copies = features["Copy"] == .bool(true)
        // rclone's own description; these two leave a slash alone if they are told to.
        let description = json["String"]?.string ?? ""
        holdsRootKey = isBucket && ["S3 ", "GCS "].contains(where: description.hasPrefix)
        hash = WeakHash.allCases.first { hashes.contains($0.rawValue) }
        lacksBucket = isBucket && json["Root"]?.string?.isEmpty != false
    }
}
