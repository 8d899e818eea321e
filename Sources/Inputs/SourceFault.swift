// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Archive
package import OCI
package import Signatures
package import SiteModel
package import Streams

/// A reason to refuse an input, or one image in it.
package enum SourceFault: Error, Sendable {
    case archive(ArchiveError, member: String?)
    /// The bytes of the input, or of one of its members, can't be read to their end.
    case stream(StreamError, member: String?)
    case member(MemberError, neededBy: String)
    case json(JSONError, document: String)
    case manifest(ManifestError, document: String)
    /// The index.json of a site, in a folder or in an archive, can't be read as JSON.
    case siteIndex(JSONError, isFolder: Bool)
    /// The input also has images of another kind, which were not read.
    case unread(UnreadPart, isFolder: Bool)
    /// The folder contains neither a layout nor a registry's data.
    case notALayout
    /// The tar contains none of the known dialects.
    case noImages
    /// The registry's data contains no tags.
    case nothingServed
    /// A registry's link file contains no digest.
    case noDigest(member: String)
    /// A registry's tag has a history but no current digest.
    case lostTag(String)
    /// A registry's link file names a manifest that is missing.
    case dangling(member: String, Digest)
    /// The manifest has schema 1, the signed format of Docker before 1.10, which today's clients
    /// refuse.
    case schema1(Digest)
    /// The end of the input is missing, because of this fault, but images in front of it are
    /// complete and were read.
    indirect case partlyRead(SourceFault)
    /// These inputs are the parts of one file, in their order.
    case parts([String])
    /// `manifest.json` is `null`.
    case nullManifest
    case invalidName(String)
    case configWithoutLayers(document: String)
    case layerCount(document: String, layers: Int, diffIDs: Int)
    case digest(member: String, expected: Digest, found: Digest)
    case diffID(member: String, expected: Digest, found: Digest)
    case size(member: String, expected: Int, found: Int)
    /// No image of an index is complete, or an image lacks a part.
    case incomplete(Digest, missing: Digest)
    case sparse(Digest, missing: [Digest])
    /// The input once had this content and lost it. A platform that was never saved isn't such
    /// damage.
    case lost(Digest, neededBy: Digest)
    /// A site serves this digest under this name, but its index.json doesn't list the name with
    /// this digest.
    case unlisted(String, Digest)
    /// A file is in the place of one of the registry's folders.
    case notAFolder(member: String)
    /// The site has lost its index.json, so regstatic found the images through the site's other
    /// files.
    case lostIndex
    /// The recipe makes layers for which the manifest kind has no media type.
    case inexpressible(LayerEncoding, ManifestKind)
    /// Several images claim one tag.
    case conflict(TagConflict)
    /// A portable site can't hold the name of an image.
    case unportable(NameRefusal)
    /// An attachment, such as a signature, has a name that belongs to no image or to several
    /// images.
    case unattached(kind: String)
    /// Writing to the store failed; the input isn't the cause.
    case store(FileError)
    /// The archive has several members with this name, and the content of the last member is wrong.
    case repeated(member: String)
    /// The member is the text that Git stores in place of a large file.
    case pointer(member: String)
    /// No tag of the registry's data reaches its manifests, and the user chose to drop them.
    case onlyUntagged(count: Int)
    /// The input is of a known kind that regstatic can't read.
    case foreign(ForeignInput)
    /// The signature of a site isn't accepted, so nothing of it was read.
    case signature(SiteSignatureFault)
}

/// The reason why an input that is a site isn't accepted.
package enum SiteSignatureFault: Error, Hashable, Sendable {
    /// The site has no signature of its index.json.
    case unsigned
    case refused(SignatureError)
    /// The input has a list of images that the signature doesn't cover.
    case otherList(String)
    /// index.json changed while it was read.
    case changed
}

/// A fault, and the input in which it was found.
package struct SourceError: Error, Sendable {
    /// The input as the user named it.
    package let input: String
    /// The name or digest of the refused image, if only one image of the input is refused.
    package let image: String?
    package let fault: SourceFault

    package init(input: String, image: String?, fault: SourceFault) {
        self.input = input
        self.image = image
        self.fault = fault
    }
}

/// A refused image, by its name or manifest, and the reason.
typealias ImageFault = (image: String?, fault: SourceFault)

extension SourceError {
    /// The refusal of a tag that several images claim.
    package init(_ conflict: TagConflict) {
        self.init(
            input: conflict.claims.first?.input ?? "",
            image: "\(conflict.repository):\(conflict.tag)",
            fault: .conflict(conflict)
        )
    }
}

extension SourceError {
    /// The refusal of a name that a portable site can't hold.
    package init(_ refusal: NameRefusal) {
        self.init(
            input: refusal.inputs.first ?? "",
            image: refusal.name,
            fault: .unportable(refusal)
        )
    }
}

extension SourceFault {
    /// Makes a fault from a stream's error, which either the input or the store has caused.
    init(_ error: StreamError, _ member: String?) {
        if case .store(let error) = error {
            self = .store(error)
        } else {
            self = .stream(error, member: member)
        }
    }
}

extension SourceFault {
    /// Whether an image lacks content that another input could have.
    package var lacksContent: Bool {
        switch self {
        case .member(.missing, _), .incomplete, .sparse, .lost, .dangling: true
        default: false
        }
    }

    /// Makes a fault from the error of an archive or a folder.
    init(of error: ArchiveError, _ member: String? = nil) {
        if case .stream(let error) = error {
            self.init(error, member)
        } else {
            self = .archive(error, member: member)
        }
    }
}

/// Runs a step that reads an archive or a folder.
func reading<Value>(
    _ member: String?,
    _ body: () throws(ArchiveError) -> Value
) throws(SourceFault) -> Value {
    do { return try body() } catch { throw SourceFault(of: error, member) }
}

/// Runs a step that reads a stream.
func streaming<Value>(
    _ member: String?,
    _ body: () throws(StreamError) -> Value
) throws(SourceFault) -> Value {
    do { return try body() } catch { throw SourceFault(error, member) }
}

/// Runs a step that writes to the store.
func storing<Value>(_ body: () throws(FileError) -> Value) throws(SourceFault) -> Value {
    do { return try body() } catch { throw .store(error) }
}
