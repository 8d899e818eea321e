// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import NginxTemplate
package import Store

/// nginx's configuration for a site: constant, so that adding images needs no reload.
package enum Nginx {
    package static let folder = "servers/nginx"

    package static var files: [FileContent] {
        NginxTemplate.files.map { FileContent("\(folder)/\($0.name)", $0.bytes) }
    }
}
