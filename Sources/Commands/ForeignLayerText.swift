// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The text that reports the foreign layers of an image, which only their maker distributes.
enum ForeignLayerText {
    static func text(_ image: ForeignLayers) -> String {
        let count = HumanText.count(image.layers.count, "foreign layer")
        let texts = image.layers.map { layer in
            let urls = layer.urls.joined(separator: ", ")
            return "\(layer.digest) (\(urls.isEmpty ? "no URL is given" : urls))"
        }
        return
            "\(image.name): clients can't pull the image without internet, because \(count) must come from"
            + " another server: \(texts.joined(separator: ", "))"
    }

    /// The lines for all such images, with the remedy at the end.
    static func lines(_ images: [ForeignLayers]) -> [String] {
        guard !images.isEmpty else { return [] }
        return images.map { HumanText.printable(text($0)) } + ["  " + remedy]
    }

    /// The command that saves an image together with its foreign layers.
    ///
    /// skopeo leaves foreign layers out of an OCI archive, but not out of a Docker archive.
    static let remedy =
        "On a machine with internet access, save the image together with these layers: skopeo copy"
        + " --override-os windows docker://REGISTRY/NAME:TAG docker-archive:FILE.tar:NAME:TAG; then"
        + " add it to the site: regstatic build FILE.tar -o SITE. The image gets another digest."

    static func json(_ layers: [Descriptor]) -> JSON {
        .array(
            layers.map { layer in
                .object([
                    "digest": .string(layer.digest.description), "bytes": .integer(layer.size),
                    "urls": .array(layer.urls.map(JSON.string)),
                ])
            }
        )
    }
}
