// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Inputs
internal import Signatures
internal import SiteModel

extension SiteBuild {
    /// The combined result of all inputs.
    struct Read {
        var images: [SavedImage] = []
        var errors: [SourceError] = []
        /// What the refused images of each input lack.
        var missing: [(input: String, MissingContent)] = []
        var skipped: [(input: String, SkippedContent)] = []
        var warnings: [(input: String, SourceWarning)] = []
        var records: [ClientSettings] = []
        /// Input → its own record of inputs, for inputs that are sites.
        var memories: [String: InputCache] = [:]
        var pageSettings: [PageSettings] = []
        /// Who signed the inputs that are sites, if this was checked.
        var signers: [(input: String, Signer)] = []

        mutating func add(_ outcome: InputReader.Outcome, of input: String) {
            errors += outcome.errors
            if !outcome.missing.isEmpty { missing.append((input, outcome.missing)) }
            warnings += outcome.warnings.map { (input, $0) }
            images += outcome.images
            if !outcome.skipped.isEmpty { skipped.append((input, outcome.skipped)) }
            if let signer = outcome.signer { signers.append((input, signer)) }
            guard let site = outcome.site else { return }
            memories[input] = site.inputs
            pageSettings.append(site.page)
            // An input site's metadata is untrusted, so ignore its settings if their CA isn't a
            // certificate.
            if let settings = site.settings, (try? settings.checkAuthority()) != nil {
                records.append(settings)
            }
        }

        /// The address that all inputs with an address have in common; nil if the addresses differ.
        var address: InheritedAddress? {
            let all = Set(records.compactMap(\.address))
            return all.count == 1 ? all.first.map(InheritedAddress.init) : nil
        }

        /// Fails if no input contains a requested platform, because the user probably passed the
        /// wrong files.
        func checkThatSomethingIsWanted(_ selection: Selection) throws(PolicyRefusal) {
            let left = Set(skipped.flatMap(\.1.images).flatMap(\.platforms))
            guard images.isEmpty, errors.isEmpty, !selection.platforms.isEmpty, !left.isEmpty else {
                return
            }
            throw .noWantedPlatform(selection.platforms, present: left.sorted())
        }
    }
}
