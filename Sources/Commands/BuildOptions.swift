// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Compression
internal import Inputs
internal import OCI
internal import Site
internal import SiteModel

extension BuildCommand {
    /// The options of the command line as `SiteBuild` takes them.
    var options: SiteBuild.Options {
        guard let recipe = Recipe(compression, level: level) else {
            preconditionFailure("validate() checks the level")
        }
        var options = SiteBuild.Options(recipe: recipe, threads: threads.jobs)
        options.manifestKind = format == .docker ? .dockerManifest : .ociManifest
        options.names = NamePolicy(keepHost: keepHost, prefix: prefix)
        options.given = name
        options.replace = replace
        options.isStrict = strict
        options.cache = CacheFolder.path
        options.waits = !now
        if mirror {
            options.mirroring = { [yes, console = outputOptions.console] in
                yes || Confirmation.ofRemoval($0, console)
            }
        }
        if keepAddress {
            options.keepingAddress = { [yes, console = outputOptions.console] in
                Confirmation.ofAddress($0, isConfirmed: yes, console)
            }
        }
        // An accepted signature replaces the comparison of the fingerprint.
        if signerOptions.signers != nil {
            options.keepingAddress = { [console = outputOptions.console] in
                Confirmation.ofAddress($0, isConfirmed: true, console)
            }
        }
        options.page = page.changes
        options.selection = Selection(
            platforms: platform?.platforms ?? [],
            gaps: sparse,
            untagged: untagged
        )
        return options
    }
}
