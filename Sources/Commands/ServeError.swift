// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Servers
internal import SiteModel
internal import Site
internal import Store

/// A reason why a site isn't served.
enum ServeError: Error, Hashable {
    case noNginx
    /// nginx failed.
    case ended(Int32)
    /// The worker processes of nginx have no permission to enter a folder.
    case closed(String)
}
