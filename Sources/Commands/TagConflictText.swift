// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

extension ErrorText {
    /// Lists the images that claim one tag, and explains how to give them different names.
    init(_ conflict: TagConflict) {
        let platform = conflict.platform.map { " for \($0)" } ?? ""
        let tag = "\(conflict.repository):\(conflict.tag)"
        let count = conflict.images.count
        let result =
            "\(tag): \(count) different images\(platform) have this name, so"
            + " \(count > 2 ? "none of them" : "neither") gets the tag: "
        let images = conflict.images.map { Self.image($0, withName: conflict.hasTwoHosts) }
        self.init(result + images.joined(separator: "; "), remedy: Self.remedy(conflict))
    }

    /// Names an image by its inputs; one image can be in several inputs.
    private static func image(_ claims: [TagConflict.Claim], withName: Bool) -> String {
        let names = withName ? Set(claims.flatMap(\.names)).sorted() : []
        let inputs = Set(claims.map { input($0.input) }).sorted().joined(separator: ", ")
        return names.isEmpty ? inputs : "\(names.joined(separator: ", ")) in \(inputs)"
    }

    private static func remedy(_ conflict: TagConflict) -> String {
        let hosts = "To keep the hosts in the names, add --keep-host."
        if conflict.hasTwoHosts, conflict.hostsTellApart { return hosts }
        let others =
            Set(conflict.claims.map(\.input)).count > 1
            ? "To use the image of the last input, add --replace. To keep the images of all inputs,"
                + " build each of these inputs in a separate run, with a different --prefix."
            : "Save the images with different tags. To use the last image, add --replace."
        return conflict.hasTwoHosts
            ? "\(hosts) Some of the images also have the same host. \(others)" : others
    }

    /// The name of an input for messages.
    static func input(_ name: String) -> String { name == "-" ? "standard input" : name }
}
