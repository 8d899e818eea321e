// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Servers
internal import SiteModel
internal import Site
internal import Store

/// Why a site isn't served.
enum ServeError: Error, Hashable {
    case noNginx
    /// nginx ended by itself.
    case ended(Int32)
    /// A folder that nginx's workers may not enter.
    case closed(String)
}
