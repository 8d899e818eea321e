// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Archive
package import OCI
package import Streams

/// Why an input, or one image in it, is refused.
package enum SourceFault: Error, Sendable {
    case archive(ArchiveError, member: String?)
    /// The bytes of the input, or of one of its members, can't be read to their end.
    case stream(StreamError, member: String?)
    case member(MemberError, neededBy: String)
    case json(JSONError, document: String)
    case manifest(ManifestError, document: String)
    /// A folder that holds neither a layout nor a registry's data.
    case notALayout
    /// A tar that holds none of the known dialects.
    case noImages
    /// Saved before Docker 1.10, by layer IDs.
    case beforeContentAddressing
    /// A registry's data without any tag.
    case nothingServed
    /// A registry's link that holds no digest.
    case noDigest(member: String)
    /// A registry's tag that names nothing any more.
    case lostTag(String)
    /// A registry's link to a manifest that isn't there.
    case dangling(member: String, Digest)
    /// A signed manifest of Docker before 1.10, which today's clients refuse.
    case schema1(Digest)
    /// `manifest.json` is `null`.
    case nullManifest
    case invalidName(String)
    case configWithoutLayers(document: String)
    case layerCount(document: String, layers: Int, diffIDs: Int)
    case digest(member: String, expected: Digest, found: Digest)
    case diffID(member: String, expected: Digest, found: Digest)
    case size(member: String, expected: Int, found: Int)
    /// An index none of whose images is complete, or an image that lacks a part.
    case incomplete(Digest, missing: Digest)
    case sparse(Digest, missing: [Digest])
    /// Content that the input had and has no more: damage, whatever an index says of other platforms.
    case lost(Digest, neededBy: Digest)
    /// A tag that a site serves, and that its index.json doesn't list so.
    case unlisted(String, Digest)
    /// A registry's file in the place of a folder.
    case notAFolder(member: String)
    /// A site without its index.json, whose images were taken from the rest of it.
    case lostIndex
    /// The recipe makes layers that the manifest's format can't name.
    case inexpressible(LayerEncoding, ManifestKind)
    /// The output failed, not the input.
    case store(FileError)
}

/// A fault and the input that has it.
package struct SourceError: Error, Sendable {
    /// As the user named it.
    package let input: String
    /// Which image of the input, if it is one of several: its name or manifest.
    package let image: String?
    package let fault: SourceFault

    package init(input: String, image: String?, fault: SourceFault) {
        self.input = input
        self.image = image
        self.fault = fault
    }
}

extension SourceFault {
    /// The fault for an error of a stream: of the input, or of the store that the bytes pass through.
    init(_ error: StreamError, _ member: String?) {
        if case .store(let error) = error {
            self = .store(error)
        } else {
            self = .stream(error, member: member)
        }
    }
}

/// Runs a step that reads an archive or a folder.
func reading<Value>(
    _ member: String?,
    _ body: () throws(ArchiveError) -> Value
) throws(SourceFault) -> Value {
    do { return try body() } catch .stream(let error) {
        throw SourceFault(error, member)
    } catch {
        throw .archive(error, member: member)
    }
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
