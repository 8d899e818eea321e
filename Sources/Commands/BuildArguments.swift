// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Inputs
internal import OCI
internal import Servers
internal import SiteModel

/// A comma-separated list of servers, such as `nginx,caddy`.
struct ServerList: ExpressibleByArgument {
    let servers: [WebServer]

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        servers = names.compactMap { WebServer(rawValue: String($0)) }
        guard servers.count == names.count else { return nil }
    }
}

/// A comma-separated list of platforms, such as `linux/amd64,linux/arm64`.
struct PlatformList: ExpressibleByArgument {
    let platforms: [Platform]

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        platforms = names.compactMap { Platform(String($0)) }
        guard platforms.count == names.count else { return nil }
    }
}

extension SiteLayout: ExpressibleByArgument {}

extension Selection.Gaps: ExpressibleByArgument {}

extension Selection.Untagged: ExpressibleByArgument {}

extension LayerEncoding: ExpressibleByArgument {}

extension RepositoryName: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension GivenName: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
