// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

extension ErrorText {
    /// Lists the images that claim one tag, and explains how to give them different names.
    init(_ conflict: TagConflict) {
        let platform = conflict.platform.map { " for \($0)" } ?? ""
        let inputs = Set(conflict.claims.map(\.input)).sorted().map(Self.input)
        let tag = "\(conflict.repository):\(conflict.tag)"
        let nobody = "\(conflict.claims.count > 2 ? "none of them" : "neither") gets the tag"
        if conflict.hasTwoHosts {
            let claims = conflict.claims.map { claim in
                "\(claim.names.first ?? tag) of \(Self.input(claim.input))"
            }
            self.init(
                "\(tag): \(claims.joined(separator: " and ")) are different images\(platform), so"
                    + " \(nobody)",
                remedy: "To keep the hosts in the names, add --keep-host."
            )
        } else if inputs.count > 1 {
            self.init(
                "\(tag): \(inputs.joined(separator: " and ")) have different images\(platform), so"
                    + " \(nobody)",
                remedy:
                    "To use the image of the last input, add --replace. To keep the images of all"
                    + " inputs, build each of these inputs in a separate run, with a different"
                    + " --prefix."
            )
        } else {
            self.init(
                "\(tag): \(inputs.joined()) has several images with this name\(platform), so \(nobody)",
                remedy: "Save the images with different tags. To use the last image, add --replace."
            )
        }
    }

    /// The name of an input for messages.
    static func input(_ name: String) -> String { name == "-" ? "standard input" : name }
}
