// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Inputs
package import Signatures
package import SiteModel

extension SiteBuild {
    /// What a run did.
    package struct Outcome: Sendable {
        package let changes: [SiteMerge.Change]
        package let errors: [SourceError]
        /// The content that the refused images of each input need, and that is nowhere.
        package let missing: [(input: String, MissingContent)]
        package let pins: [PinResult]
        /// Entries that mirroring removed because the inputs lack them.
        package let removed: [SiteIndex.Entry]
        /// The content that mirroring pruned, and the images that it kept for running pulls; nil
        /// without mirroring.
        package let pruned: SitePruner.Unreferenced?
        /// Fallback tags that the site now renders itself, because their lists of referrers were
        /// incomplete.
        package let renderedAgain: [SiteIndex.Entry]
        /// The images of this run that clients can't pull without internet access.
        package let foreign: [ForeignLayers]
        /// An image of this run that clients can pull without internet access; nil if there is none.
        package let example: SiteIndex.Entry?
        /// The skipped or unreferenced content of each input; `input` is the name that the user
        /// gave.
        package let skipped: [(input: String, SkippedContent)]
        package let warnings: [(input: String, SourceWarning)]
        package let before: SiteSize
        package let after: SiteSize
        /// The written files and links, without blobs.
        package let written: WrittenFiles
        /// The number of damaged or missing files that the run has written again.
        package let repaired: Int
        /// The address where clients reach the site; nil if unknown.
        package let address: RegistryAddress?
        /// The address of an input that the site did not take over; nil if there is none.
        package let unkept: InheritedAddress?
        /// The programs on the site's medium, before the run and after it.
        package let programs: (before: SitePrograms, after: SitePrograms)
        /// Who signed the inputs that are sites, if this was checked.
        package let signers: [(input: String, Signer)]
    }
}
