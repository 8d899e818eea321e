// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
package import Streams

/// The reason why a site can't have the requested layout, or why its layout can't be read.
package enum LayoutError: Error, Hashable, Sendable {
    /// The site's layout differs from the requested one.
    case otherLayout(String, SiteLayout)
    /// The plain layout is requested, but the medium can't hold links, or can't hold file names
    /// with colons.
    case plainRefused(String, FileError)
    /// A newer version of regstatic made the layout.
    case unknownLayout(String)
}
