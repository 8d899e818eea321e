// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Publishing

/// The report of `publish`.
struct PublishReport {
    private let remote: String
    private let traits: RemoteTraits
    private let delivery: Delivery
    private let host: StaticHost?
    private let isDryRun: Bool
    /// Whether the site's signature is published; nil if the site isn't signed.
    private let sendsSignature: Bool?

    init(
        _ remote: String,
        traits: RemoteTraits,
        delivery: Delivery,
        host: StaticHost?,
        isDryRun: Bool,
        sendsSignature: Bool?
    ) {
        self.remote = remote
        self.traits = traits
        self.delivery = delivery
        self.host = host
        self.isDryRun = isDryRun
        self.sendsSignature = sendsSignature
    }

    /// Prints how much will be sent, because sending may take long.
    func announce(_ console: Console) {
        guard delivery.sent.objects > 0 else { return }
        console.say("sending \(Self.text(delivery.sent)) to \(remote)")
        if delivery.repeated > 0, !traits.copies {
            console.say(
                "  \(HumanText.size(delivery.repeated)) of this are repeated, because this remote can't copy blobs that"
                    + " repositories share"
            )
        }
    }

    func print(_ console: Console) {
        if isDryRun { for line in steps.map(\.line) { console.out(HumanText.printable(line)) } }
        let figures = [
            (delivery.sent, isDryRun ? "to send" : "sent"),
            (delivery.copied, isDryRun ? "to copy there" : "copied there"),
            (delivery.present, "there already"),
        ]
        let parts = figures.filter { $0.0.objects > 0 }.map { "\(Self.text($0.0)) \($0.1)" }
        console.say(
            "\(remote): " + (parts.isEmpty ? "an empty site" : parts.joined(separator: "; "))
        )
        if sendsSignature == false { console.say(withoutSignature) }
        if !isDryRun { advice.forEach(console.say) }
    }

    private static func text(_ figures: Delivery.Figures) -> String {
        "\(HumanText.count(figures.objects, "object")) (\(HumanText.size(figures.bytes)))"
    }

    /// Why the signature of the site isn't published.
    private var withoutSignature: String {
        traits.form == .objects || host != nil
            ? "The site's signature is not published, because it covers index.json, which isn't"
                + " published either."
            : "The site's signature is not published, because it covers another index.json than the one"
                + " that is published. To publish a signed site, make it with --layout portable and"
                + " without programs, and sign that."
    }

    /// The next steps that regstatic can't do as a part of the upload, so the user must do them.
    private var advice: [String] {
        switch (host, traits.form) {
        case (.netlify, _): ["  Upload it: netlify deploy --prod --dir \(remote)"]
        case (.cloudflarePages, _): ["  Upload it: wrangler pages deploy \(remote)"]
        case (nil, .files):
            [
                "  The remote has a portable site now. Serve it with the configuration in its"
                    + " servers/ folder."
            ]
        case (nil, .objects):
            [
                "  Check whether clients can pull: regstatic doctor https://THE-BUCKET'S-HOST",
                "  A bucket doesn't send Docker-Content-Digest headers. It answers 403 instead of"
                    + " 404 for missing objects, unless everyone may list the bucket.",
            ]
                + (traits.holdsRootKey
                    ? []
                    : [
                        "  GET /v2/ must answer with v2/index.html, so set the bucket's index document."
                    ])
        }
    }

    var json: JSON {
        var members = [
            JSON.Member("ok", .bool(true)), JSON.Member("remote", .string(remote)),
            JSON.Member("form", .string(traits.form.rawValue)),
            JSON.Member("dryRun", .bool(isDryRun)),
            JSON.Member("sent", Self.json(delivery.sent)),
            JSON.Member("copied", Self.json(delivery.copied)),
            JSON.Member("present", Self.json(delivery.present)),
            JSON.Member("removed", Self.json(delivery.removed)),
        ]
        if let sendsSignature {
            members.append(JSON.Member("signaturePublished", .bool(sendsSignature)))
        }
        if isDryRun { members.append(JSON.Member("steps", .array(steps.map(\.json)))) }
        return .object(members)
    }

    private static func json(_ figures: Delivery.Figures) -> JSON {
        .object(["objects": .integer(figures.objects), "bytes": .integer(figures.bytes)])
    }

    // MARK: Steps

    private var steps: [(line: String, json: JSON)] {
        delivery.steps.flatMap { step -> [(line: String, json: JSON)] in
            switch step {
            case .send(let batch): batch.objects.map(sending)
            case .sendRoot(let object): [sending(object)]
            case .copy(let copy):
                copy.names.map { Self.act("copy", "\(copy.target)/\($0)") }
            case .remove(let keys): keys.map { Self.act("remove", $0) }
            }
        }
    }

    private static func act(_ action: String, _ key: String) -> (line: String, json: JSON) {
        (
            "\(action)  \(key)",
            .object(["action": .string(action), "key": .string(key)])
        )
    }

    private func sending(_ object: Publication.Object) -> (line: String, json: JSON) {
        let hasLabel = traits.form == .objects
        let label = hasLabel ? "  \(object.label.mediaType)" : ""
        return (
            "send  \(object.key)  \(HumanText.size(object.size))\(label)",
            .object([
                "action": .string("send"),
                "key": .string(object.key),
                "phase": .string(object.phase.name),
                "bytes": .integer(object.size),
                "mediaType": hasLabel ? .string(object.label.mediaType.description) : nil,
                "cacheControl": hasLabel ? .string(object.label.cacheControl) : nil,
            ])
        )
    }
}
