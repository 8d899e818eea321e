// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// The text that reports the foreign layers of an image, which only their maker distributes.
enum ForeignLayerText {
    static func text(_ image: String, _ layers: [Descriptor]) -> String {
        let count = HumanText.count(layers.count, "foreign layer")
        let texts = layers.map { layer in
            let urls = layer.urls.joined(separator: ", ")
            return "\(layer.digest) (\(urls.isEmpty ? "no URL is given" : urls))"
        }
        return
            "\(image): clients can't pull the image without internet, because \(count) must come from"
            + " another server: \(texts.joined(separator: ", "))"
    }

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
