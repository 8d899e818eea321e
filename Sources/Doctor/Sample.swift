// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
package import OCI

/// The repositories to check.
package enum SampleChoice: Sendable {
    /// A few repositories, at equal distances in the catalogue.
    case some
    case all
    /// The repositories that the user named, each with the named tag or, without a tag, some of its
    /// tags.
    case named([(RepositoryName, Tag?)])

    static let repositories = 5
    static let tags = 3
}

/// The tags of one repository that are checked.
struct RepositorySample: Sendable {
    let name: RepositoryName
    let tags: [Tag]
    /// Tags whose names a file server could misread, for example as a file with an extension.
    let hazards: [Tag]

    /// Sorts tags into plain and hazardous ones, and takes some of each.
    init(_ name: RepositoryName, tags: [Tag], limit: Int?) {
        self.name = name
        let twins = Dictionary(grouping: tags) { $0.description.lowercased() }
        let isHazard: (Tag) -> Bool = {
            Self.looksLikeFile($0) || (twins[$0.description.lowercased()]?.count ?? 0) > 1
        }
        let plain = tags.filter { !isHazard($0) }
        let hazards = tags.filter(isHazard)
        self.tags = (plain.isEmpty ? hazards : plain).spread(limit)
        self.hazards = hazards.spread(limit)
    }

    /// Whether a tag looks like a file name, such as `1.0.html` or `v1.gz`: its last part begins
    /// with a letter.
    private static func looksLikeFile(_ tag: Tag) -> Bool {
        let parts = tag.description.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.last?.first?.isLetter == true
    }
}

extension Array {
    /// At most `limit` elements at equal distances, from the first to the last; all elements if the
    /// limit is nil.
    func spread(_ limit: Int?) -> [Element] {
        guard let limit, count > limit, limit > 1 else { return self }
        return (0..<limit).map { self[$0 * (count - 1) / (limit - 1)] }
    }
}

/// Parsing of a registry's lists of repositories and tags.
enum Lists {
    /// The repositories that `_catalog` names; nil if the answer isn't a list of repositories.
    static func repositories(_ reply: Reply) -> [String]? { strings(reply, "repositories") }

    /// The tags that `tags/list` names.
    static func tags(_ reply: Reply) -> [String]? { strings(reply, "tags") }

    private static func strings(_ reply: Reply, _ key: String) -> [String]? {
        guard reply.status == 200, !reply.answer.isCut,
            let json = try? JSON(parsing: reply.answer.body, limits: .list),
            let values = json[key]?.array
        else { return nil }
        let strings = values.compactMap(\.string)
        return strings.count == values.count ? strings : nil
    }
}

extension SampleChoice {
    func repositories(_ client: ProbeClient) -> [RepositorySample] {
        switch self {
        case .named(let names):
            names.map { name, tag in
                sample(name, tags: tag.map { [$0] } ?? tags(name, client))
            }
        case .some, .all:
            catalogue(client).spread(limit(Self.repositories))
                .map { sample($0, tags: tags($0, client)) }
        }
    }

    private func sample(_ name: RepositoryName, tags: [Tag]) -> RepositorySample {
        RepositorySample(name, tags: tags, limit: limit(Self.tags))
    }

    private func limit(_ number: Int) -> Int? {
        if case .all = self { nil } else { number }
    }

    private func catalogue(_ client: ProbeClient) -> [RepositoryName] {
        let reply = try? client.ask(.get, client.address.path("_catalog"))
        return (reply.flatMap(Lists.repositories) ?? []).compactMap { RepositoryName($0) }
    }

    private func tags(_ name: RepositoryName, _ client: ProbeClient) -> [Tag] {
        let path = client.address.path("\(name)/tags/list")
        let reply = try? client.ask(.get, path)
        return (reply.flatMap(Lists.tags) ?? []).compactMap { Tag($0) }
    }
}
