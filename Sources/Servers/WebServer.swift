// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CaddyTemplate
internal import LighttpdTemplate
internal import PythonTemplate
package import SiteModel
package import OCI

/// A web server that sites have configuration for, in `servers/<name>/`.
///
/// To add a server, add a folder of templates and a case here.
package enum WebServer: String, CaseIterable, Sendable {
    case apache, caddy, lighttpd, nginx, python

    package var folder: String { "servers/\(rawValue)" }

    /// Returns the server's files for the site that a plan describes.
    package func files(_ plan: SitePlan) -> [FileContent] {
        switch self {
        case .apache: Apache.files(plan)
        case .caddy: constant(CaddyTemplate.files)
        case .lighttpd: constant(LighttpdTemplate.files)
        case .nginx: Nginx.files(plan.layout)
        case .python: constant(PythonTemplate.files)
        }
    }

    private func constant(_ files: [(name: String, bytes: [UInt8])]) -> [FileContent] {
        files.map { FileContent("\(folder)/\($0.name)", $0.bytes) }
    }
}
