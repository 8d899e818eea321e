// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import Archive
internal import OCI

/// The docker-archive dialect, based on `manifest.json`.
///
/// Docker 1.10 and later, podman, skopeo, crane, ko, kaniko, jib, Bazel and nix write it. This
/// reader must agree with Docker's loader,
/// <https://github.com/moby/moby/blob/v28.5.2/image/tarexport/load.go>.
struct DockerArchive {
    struct Image {
        let config: String
        let layers: [String]
        /// The unparsed list of names.
        ///
        /// `ImageName.repoTags` parses it later, so that a bad name makes regstatic refuse only
        /// this image, not the whole archive.
        let repoTags: JSON?
    }

    let images: [Image]
    /// Entries that can't be read; each affects only its own image.
    let faults: [ImageFault]
    /// Whether the archive has `LayerSources`, which only Docker ≥ 25 with a graph driver writes.
    let describesLayers: Bool

    static let path = "manifest.json"

    /// Nil if the archive has no `manifest.json`.
    init?(_ source: some MemberSource) throws(SourceFault) {
        guard source.members.contains(Self.path) else { return nil }
        let file = try source.file(Self.path, neededBy: "the archive")
        let json = try source.document(file, limits: .list).json
        guard !json.isNull else { throw .nullManifest }
        guard let entries = json.array else { throw .manifest(.field("[]"), document: Self.path) }
        var images: [Image] = []
        var faults: [ImageFault] = []
        for (index, entry) in entries.enumerated() {
            do throws(SourceFault) {
                images.append(try Self.image(entry, at: index, in: source.members))
            } catch {
                faults.append((entry["RepoTags"]?.array?.first?.string, error))
            }
        }
        // If no entry of the list is an image, the file isn't a list of images, so refuse the
        // archive unless it is also a layout.
        if images.isEmpty, let fault = faults.first?.fault,
            !source.members.contains(SiteIndex.path)
        {
            throw fault
        }
        (self.images, self.faults) = (images, faults)
        describesLayers = entries.contains { $0["LayerSources"]?.members?.isEmpty == false }
    }

    private static func image(
        _ entry: JSON,
        at index: Int,
        in members: MemberTable
    ) throws(SourceFault) -> Image {
        guard let config = entry["Config"]?.string else {
            throw .manifest(.field("[\(index)].Config"), document: path)
        }
        // An image without layers is saved with a null list.
        let value = entry["Layers"] ?? .null
        guard let layers = value.isNull ? [] : value.array, !layers.map(\.string).contains(nil)
        else {
            throw .manifest(.field("[\(index)].Layers"), document: path)
        }
        return Image(
            config: path(config, in: members),
            layers: layers.compactMap(\.string).map { path($0, in: members) },
            repoTags: entry["RepoTags"]
        )
    }

    /// Returns the path of a member from the list, because Docker on Windows writes backslashes
    /// into the list, but not into members' names.
    private static func path(_ text: String, in members: MemberTable) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")), !members.contains(text) else { return text }
        return String(text.map { $0 == "\\" ? "/" : $0 })
    }
}
