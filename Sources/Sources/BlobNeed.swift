// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Archive
package import OCI
package import Store

/// A member that an image needs in the store, and in which form.
package struct BlobNeed: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        /// Byte for byte: it must have this digest and, if it is a layer, hold this diffID.
        case asIs(Digest, diffID: Digest?)
        /// A layer known only by its diffID: compressed by the recipe, unless it comes compressed.
        case layer(diffID: Digest)
    }

    package let file: MemberFile
    package let form: Form

    package init(file: MemberFile, form: Form) {
        self.file = file
        self.form = form
    }
}

/// A blob that is in the store, or staged for it.
package struct StoredBlob: Hashable, Sendable {
    package let digest: Digest
    /// Bytes.
    package let size: Int
    package let encoding: LayerEncoding
    /// Nil if the store had it already.
    package let staged: StagedBlob?
    /// What to remember of it once it is in the store.
    package let record: LayerRecord?
}
