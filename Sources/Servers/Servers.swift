// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Site
package import Store

/// The configuration of every server that a site can be served by.
package enum Servers {
    /// All files below `servers/`, for the site that a plan describes.
    ///
    /// A new server is a new file beside `Nginx.swift` and a line here.
    package static func files(for plan: SitePlan) -> [FileContent] { Nginx.files(plan.layout) }
}
