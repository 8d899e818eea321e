// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The template values of one image on its repository's page, limited in size.
struct ImageValues {
    private let repository: RepositoryName
    private let host: String?
    private let allowance: Allowance

    /// The maximum number of bytes that one image may add to its page.
    static let limit = 200_000
    static let tagLimit = 12
    private static let platformLimit = 30
    private static let referrerLimit = 50

    init(_ repository: RepositoryName, host: String?, allowance: Allowance) {
        (self.repository, self.host, self.allowance) = (repository, host, allowance)
    }

    func values(_ image: ListedImage, referrers: [Referrers.Item], graph: SiteGraph) -> Values {
        let names = image.platforms.compactMap(\.platform)
            .map { Markup.visible(String($0.description.prefix(40))) }.uniqued
        let first = image.tags.first.map { ":\($0)" } ?? "@\(image.root)"
        var values: Values = [
            "anchor": .text(image.anchor),
            "heading": .text(image.tags.first?.description ?? "untagged"),
            "tags": .list(image.tags.prefix(Self.tagLimit).map { ["tag": .text("\($0)")] }),
            "moreTags": Self.more(image.tags.count - Self.tagLimit),
            "digest": .text("\(image.root)"), "pull": .text("\(repository)\(first)"),
            "size": .text(Wording.size(graph.bytes(of: [image.root]))),
            "type": .text(image.kind?.title ?? "Image"),
            "isMade": .flag(image.isMade), "isReplaced": .flag(image.isReplaced),
            "isUntagged": .flag(image.tags.isEmpty),
            "platformNames": .text(
                names.prefix(6).joined(separator: ", ")
                    + (names.count > 6 ? " and \(names.count - 6) more" : "")
            ),
        ]
        values.merge(Self.built(image.created)) { $1 }
        values.merge(about(image)) { $1 }
        values.merge(parts(image, graph)) { $1 }
        values.merge(refer(image, referrers)) { $1 }
        return values
    }

    private static func more(_ count: Int) -> Value { .text(count > 0 ? Wording.count(count) : "") }

    private static func built(_ moment: String?) -> Values {
        let date = moment.map { String($0.prefix(10)) } ?? ""
        return ["built": .text(date), "builtTime": .text(moment.map { $0 + "Z" } ?? "")]
    }

    /// The description of the whole image, from the labels of its first platform.
    private func about(_ image: ListedImage) -> Values {
        guard let config = image.platforms.lazy.compactMap(\.config).first else { return [:] }
        func label(_ name: String, _ limit: Int) -> Value {
            .text(allowance.text(config.label(name), limit: limit))
        }
        func link(_ name: String) -> Value {
            let text = config.label(name)
            guard !text.isEmpty else { return .one(nil) }
            return .one([
                "text": .text(allowance.text(text, limit: 200)),
                "link": .text(Markup.link(text) ?? ""),
            ])
        }
        return [
            "imageTitle": label("title", 200), "imageDescription": label("description", 500),
            "imageVersion": label("version", 100), "licenses": label("licenses", 200),
            "source": link("source"), "website": link("url"),
        ]
    }

    private func parts(_ image: ListedImage, _ graph: SiteGraph) -> Values {
        let (shown, cut) = allowance.rows(image.platforms, limit: Self.platformLimit)
        let (absent, _) = allowance.rows(image.absent, limit: Self.platformLimit)
        let (foreign, _) = allowance.rows(image.foreign, limit: Self.platformLimit)
        let isAlone = image.kind?.isIndex != true
        return [
            "platforms": .list(shown.map { platform($0, isAlone: isAlone, graph: graph) }),
            "morePlatforms": .one(cut > 0 ? ["count": .text(Wording.count(cut))] : nil),
            "hasForeign": .flag(!foreign.isEmpty),
            "foreign": .list(
                foreign.map { layer in
                    [
                        "digest": .text("\(layer.digest)"),
                        "url": .text(allowance.text(layer.urls.first ?? "", limit: 300)),
                    ]
                }
            ),
            "hasAbsent": .flag(!absent.isEmpty),
            "absent": .list(
                absent.map {
                    [
                        "platform": .text(Self.name($0.platform)), "digest": .text("\($0.digest)"),
                    ]
                }
            ),
        ]
    }

    private static func name(_ platform: Platform?) -> String {
        platform.map { Markup.visible(String($0.description.prefix(80))) } ?? "unknown platform"
    }

    private func platform(_ image: PlatformImage, isAlone: Bool, graph: SiteGraph) -> Values {
        let name =
            image.artifactType.map { allowance.text($0, limit: 100) } ?? Self.name(image.platform)
        var values: Values = [
            "platform": .text(name), "digest": .text("\(image.descriptor.digest)"),
            "config": .text(image.configDigest.map { "\($0)" } ?? ""),
            "size": .text(Wording.size(graph.bytes(of: [image.descriptor.digest]))),
            "layerCount": .text(Wording.count(image.layers.count, "layer")),
            "isUnreadable": .flag(image.isUnreadable), "isAlone": .flag(isAlone),
            "isArtifact": .flag(image.artifactType != nil),
        ]
        values.merge(Self.built(image.created)) { $1 }
        if let config = image.config { values.merge(running(config)) { $1 } }
        values.merge(steps(image)) { $1 }
        return values
    }

    private func running(_ config: ConfigView) -> Values {
        func text(_ text: String, _ limit: Int = 500) -> Value {
            .text(allowance.text(text, limit: limit))
        }
        let (labels, moreLabels) = allowance.rows(config.labels, limit: 100)
        let (environment, moreEnvironment) = allowance.rows(config.environment, limit: 100)
        return [
            "entrypoint": text(ConfigView.commandLine(config.entrypoint), 2000),
            "command": text(ConfigView.commandLine(config.command), 2000),
            "user": text(config.user, 100), "folder": text(config.folder),
            "stopSignal": text(config.stopSignal, 50),
            "ports": text(config.ports.joined(separator: ", ")),
            "volumes": text(config.volumes.joined(separator: ", ")),
            "hasRunning": .flag(config.saysHowToRun), "hasLabels": .flag(!labels.isEmpty),
            "hasEnvironment": .flag(!environment.isEmpty),
            "labels": .list(labels.map { pair($0.key, $0.value) }),
            "environment": .list(environment.map(variable)),
            "moreLabels": .one(moreLabels > 0 ? ["count": .text(Wording.count(moreLabels))] : nil),
            "moreEnvironment": .one(
                moreEnvironment > 0 ? ["count": .text(Wording.count(moreEnvironment))] : nil
            ),
        ]
    }

    private func variable(_ text: String) -> Values {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return pair(parts.first.map(String.init) ?? "", parts.count > 1 ? String(parts[1]) : "")
    }

    private func pair(_ key: String, _ value: String) -> Values {
        let isLink = [ConfigView.prefix + "source", ConfigView.prefix + "url"].contains(key)
        let link = isLink ? Markup.link(value) : nil
        return [
            "key": .text(allowance.text(key, limit: 200)),
            "value": .text(allowance.text(value, limit: 1000)),
            "target": .text(link ?? ""),
        ]
    }

    /// The build steps, oldest first, each with the layer that it made.
    private func steps(_ image: PlatformImage) -> Values {
        var layers = image.layers[...]
        var steps: [(step: ConfigView.Step?, layer: Descriptor?)] = []
        let history = image.config?.history ?? []
        // Ignore a history that doesn't match the layers, because commands would be shown beside
        // the wrong layers.
        let fits = history.count { !$0.isEmpty } == layers.count
        for step in fits ? history : [] {
            steps.append((step, step.isEmpty ? nil : layers.popFirst()))
        }
        steps += layers.map { (nil, $0) }
        let (shown, cut) = allowance.rows(steps, limit: 200)
        return [
            "hasSteps": .flag(!shown.isEmpty),
            "steps": .list(shown.map { values($0.step, $0.layer) }),
            "moreSteps": .one(cut > 0 ? ["count": .text(Wording.count(cut))] : nil),
        ]
    }

    private func values(_ step: ConfigView.Step?, _ layer: Descriptor?) -> Values {
        [
            "command": .text(allowance.text(step?.command ?? "", limit: 600)),
            "comment": .text(allowance.text(step?.comment ?? "", limit: 100)),
            "isLayer": .flag(layer != nil),
            "size": .text(layer.map { Wording.size($0.size) } ?? ""),
            "digest": .text(layer.map { "\($0.digest)" } ?? ""),
            "shortDigest": .text(layer.map { String($0.digest.hex.prefix(12)) } ?? ""),
            "isForeign": .flag(layer?.mediaType.isForeignLayer ?? false),
        ]
    }

    private func refer(_ image: ListedImage, _ referrers: [Referrers.Item]) -> Values {
        let inside = image.attestations.map { Referrers.Item($0, tag: nil) }
        let (shown, cut) = allowance.rows(referrers + inside, limit: Self.referrerLimit)
        return [
            "hasReferrers": .flag(!shown.isEmpty),
            "referrers": .list(
                shown.map { item in
                    [
                        "kind": .text(item.kind),
                        "type": .text(allowance.text(item.type, limit: 100)),
                        "digest": .text("\(item.digest)"), "size": .text(Wording.size(item.size)),
                        "tag": .text(item.tag.map { "\($0)" } ?? ""),
                    ]
                }
            ),
            "moreReferrers": .one(cut > 0 ? ["count": .text(Wording.count(cut))] : nil),
        ]
    }
}

extension ManifestKind {
    fileprivate var title: String {
        switch self {
        case .ociManifest: "OCI image"
        case .ociIndex: "OCI index"
        case .dockerManifest: "Docker image"
        case .dockerList: "Docker manifest list"
        }
    }
}
