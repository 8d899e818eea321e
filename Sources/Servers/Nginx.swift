// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import NginxTemplate
package import SiteModel
package import OCI

/// nginx's configuration for a site, which is constant, so that adding images needs no reload.
package enum Nginx {
    package static let folder = "servers/nginx"

    package static func files(_ layout: SiteLayout) -> [FileContent] {
        let locations = layout == .plain ? NginxTemplate.plain : NginxTemplate.portable
        let registry = locations + Array("\n".utf8) + NginxTemplate.answers
        return NginxTemplate.files.map { FileContent("\(folder)/\($0.name)", $0.bytes) }
            + [FileContent("\(folder)/registry.conf", registry)]
    }
}
