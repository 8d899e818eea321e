// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import Streams

/// Why a site can't have a layout.
package enum LayoutError: Error, Hashable, Sendable {
    /// The site has another layout than the one that is asked for.
    case otherLayout(String, SiteLayout)
    /// The medium can't hold links or colons in names, and the plain layout is asked for.
    case plainRefused(String, FileError)
    /// A newer version of regstatic made the layout.
    case unknownLayout(String)
}
