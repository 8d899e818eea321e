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
struct PlatformList {
    let platforms: [Platform]

    /// Parses the value of `--platform`.
    static func parse(_ text: String) throws(ValidationError) -> PlatformList {
        var platforms: [Platform] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard let platform = Platform(name) else {
                let isWord = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
                let example = isWord && !name.isEmpty ? "linux/\(name)" : "linux/amd64"
                throw ValidationError(
                    "A platform has an operating system and an architecture, such as \(example);"
                        + " '\(name)' is not one."
                )
            }
            platforms.append(platform)
        }
        return PlatformList(platforms: platforms)
    }
}

extension SiteLayout: ExpressibleByArgument {}

extension Selection.Gaps: ExpressibleByArgument {}

extension Selection.Untagged: ExpressibleByArgument {}

extension LayerEncoding: ExpressibleByArgument {}

extension RepositoryName: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }

    /// Parses the value of `--prefix`.
    static func parse(_ text: String) throws(ValidationError) -> RepositoryName {
        if let name = RepositoryName(text) { return name }
        throw .lowerCase(RepositoryName(text.lowercased())?.description, option: "--prefix")
    }
}

extension GivenName {
    /// Parses the value of `--name`.
    static func parse(_ text: String) throws(ValidationError) -> GivenName {
        if let name = GivenName(text) { return name }
        let start = text.lastIndex(of: "=").map { text.index(after: $0) } ?? text.startIndex
        let end = text[start...].lastIndex(of: ":") ?? text.endIndex
        let lower = text[..<start] + text[start..<end].lowercased() + text[end...]
        throw .lowerCase(GivenName(String(lower))?.text, option: "--name")
    }
}

extension NewTag {
    /// Parses a new tag of `regstatic tag`.
    static func parse(_ text: String) throws(ValidationError) -> NewTag {
        if let name = NewTag(text) { return name }
        if let name = SiteReference(text) {
            throw ValidationError(
                "A new tag has the form REPOSITORY:TAG, or :TAG in the image's own repository; for"
                    + " example \(name.repository):1.0."
            )
        }
        let end = text.lastIndex(of: ":") ?? text.endIndex
        let lower = NewTag(text[..<end].lowercased() + text[end...])
        let name = lower?.repository.map { "\($0):\(lower?.tag.description ?? "")" }
        throw ValidationError(
            name.map { "The name of a repository is lower case: \($0)" }
                ?? "'\(text)' is not a new tag: write REPOSITORY:TAG, or :TAG in the image's own"
                + " repository. A registry's host is not a part of names in a site."
        )
    }
}

extension ValidationError {
    /// The error for a name that isn't valid; `name` is the same name in lower case if that one is.
    fileprivate static func lowerCase(_ name: String?, option: String) -> ValidationError {
        ValidationError(
            name.map { "The name of a repository is lower case: \(option) \($0)" }
                ?? "The name of a repository has lower-case letters and digits, with . _ - / between them."
        )
    }
}
