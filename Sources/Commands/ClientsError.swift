// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import Certificates
internal import SiteModel
internal import ClientKit
internal import Compression
internal import OCI
internal import Servers
internal import Site
internal import Store

/// A reason why the client kit can't be shown.
enum ClientsError: Error, Hashable {
    /// The site has no address for clients.
    case noAddress(String)
}
