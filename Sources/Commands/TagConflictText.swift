// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel

extension ErrorText {
    /// Tells which images claim one tag, and how to tell them apart.
    init(_ conflict: TagConflict) {
        let platform = conflict.platform.map { " for \($0)" } ?? ""
        let inputs = Set(conflict.claims.map(\.input)).sorted()
        let tag = "\(conflict.repository):\(conflict.tag)"
        let nobody = conflict.claims.count > 2 ? "none of them" : "neither"
        guard !conflict.hasTwoHosts else {
            let claims = conflict.claims.map { claim in
                "\(claim.names.first ?? tag) of \(claim.input)"
            }
            self.init(
                "\(claims.joined(separator: " and ")) are different images\(platform), so"
                    + " \(nobody) became \(tag)",
                remedy: "Keep the hosts in the names: --keep-host."
            )
            return
        }
        self.init(
            inputs.count > 1
                ? "\(inputs.joined(separator: " and ")) have different images\(platform), so"
                    + " \(nobody) became \(tag)"
                : "the input has several images with this name\(platform), so none became \(tag)",
            remedy: inputs.count > 1
                ? "Leave out one of the inputs, or move one to another name in a run of its own:"
                    + " --prefix. To take the image of the last input: --replace."
                : "Save the images with different tags. To take the last one: --replace."
        )
    }
}
