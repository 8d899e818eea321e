// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Site
internal import SiteModel

/// The images of a build that have no repository in their names, so that the site serves them by
/// digest only.
struct NamelessImages {
    private struct Input {
        let name: String
        /// The images without any name.
        var untagged: Set<Digest> = []
        /// The tags of the images that have only a tag.
        var tags: [String] = []
    }

    private var inputs: [Input] = []

    init(_ changes: [SiteMerge.Change]) {
        // Images in any other repository don't count, because the user chose that repository with
        // --name.
        for change in changes
        where change.entry.tag == nil
            && change.entry.repository.components.last == NamePolicy.untagged[...]
        {
            for image in change.images where image.lacksRepository && image.subject == nil {
                add(image)
            }
        }
    }

    private mutating func add(_ image: SavedImage) {
        let index = inputs.firstIndex { $0.name == image.input } ?? inputs.count
        if index == inputs.count { inputs.append(Input(name: image.input)) }
        if case .tag(let tag)? = image.names.first {
            inputs[index].tags.append("\(tag)")
        } else {
            inputs[index].untagged.insert(image.root.digest)
        }
    }

    /// At most two warnings for each input.
    var warnings: [String] { inputs.flatMap(Self.warnings) }

    private static func warnings(_ input: Input) -> [String] {
        let untagged =
            switch input.untagged.count {
            case 0: ""
            case 1:
                "an image has no name, so it is served by digest only; name it with --name"
                    + " REPOSITORY:TAG"
            case let count:
                "\(count) images have no name, so they are served by digest only; give them a"
                    + " repository with --name REPOSITORY"
            }
        let tags = ErrorText.some(input.tags)
        let tagged =
            switch input.tags.count {
            case 0: ""
            case 1:
                "an image has the tag \(tags) and no repository, so it is served by digest only; give"
                    + " it a repository with --name REPOSITORY"
            case let count:
                "\(count) images have tags (\(tags)) and no repository, so they are served by digest"
                    + " only; give them a repository with --name REPOSITORY"
            }
        return [untagged, tagged].filter { !$0.isEmpty }.map { "\(input.name): \($0)" }
    }
}
