// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// An image's config as the pages show it, with values that are untrusted and may be missing.
///
/// <https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md>
struct ConfigView {
    private let json: JSON

    init(_ json: JSON) { self.json = json }

    /// The build time, if the config has a valid one.
    var created: String? { json["created"]?.string.flatMap(Wording.moment) }

    var platform: Platform? { Platform(json) }

    /// The settings for running the image.
    private var run: JSON? { json["config"] }

    var entrypoint: [String] { strings(run?["Entrypoint"]) }
    var command: [String] { strings(run?["Cmd"]) }
    var environment: [String] { strings(run?["Env"]) }
    var user: String { run?["User"]?.string ?? "" }
    var folder: String { run?["WorkingDir"]?.string ?? "" }
    var stopSignal: String { run?["StopSignal"]?.string ?? "" }
    var ports: [String] { (run?["ExposedPorts"]?.members ?? []).map(\.key) }
    var volumes: [String] { (run?["Volumes"]?.members ?? []).map(\.key) }

    /// Whether the config has any settings for running the image, apart from environment variables.
    var saysHowToRun: Bool {
        !(entrypoint + command + ports + volumes).isEmpty || !(user + folder + stopSignal).isEmpty
    }

    /// The labels: first the standard ones that describe the image, then the others by name.
    var labels: [(key: String, value: String)] {
        let labels = (run?["Labels"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }
        return labels.sorted { left, right in
            (Self.rank(left.0), left.0) < (Self.rank(right.0), right.0)
        }
    }

    func label(_ name: String) -> String {
        run?["Labels"]?[Self.prefix + name]?.string ?? ""
    }

    static let prefix = "org.opencontainers.image."

    private static let first = [
        "title", "description", "source", "url", "documentation", "licenses", "version", "revision",
        "vendor", "authors", "created",
    ]

    private static func rank(_ key: String) -> Int {
        guard key.hasPrefix(prefix) else { return first.count + 1 }
        return first.firstIndex(of: String(key.dropFirst(prefix.count))) ?? first.count
    }

    /// A build step, from the config's history.
    struct Step {
        let command: String
        let comment: String
        /// Whether the step made no layer.
        let isEmpty: Bool
    }

    /// The build steps, oldest first.
    var history: [Step] {
        (json["history"]?.array ?? [])
            .map { step in
                Step(
                    command: Self.cleaned(step["created_by"]?.string ?? ""),
                    comment: step["comment"]?.string ?? "",
                    isEmpty: step["empty_layer"] == .bool(true)
                )
            }
    }

    /// Returns a step as written in the Dockerfile, without the prefix that Docker's old builder
    /// added.
    private static func cleaned(_ command: String) -> String {
        let shell = "/bin/sh -c "
        let plain = "#(nop) "
        guard command.hasPrefix(shell) else { return command }
        let rest = String(command.dropFirst(shell.count))
        return rest.hasPrefix(plain) ? String(rest.dropFirst(plain.count)).trimmed : "RUN " + rest
    }

    private func strings(_ json: JSON?) -> [String] {
        if let text = json?.string { return [text] }
        return (json?.array ?? []).compactMap(\.string)
    }

    /// Quotes a list of arguments as a user would type it in a shell.
    static func commandLine(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122: true
                    default: "-_./:=,+@%".utf8.contains(byte)
                    }
                }
            guard !isPlain else { return word }
            return "'"
                + word.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: #"'\''"#) + "'"
        }
        .joined(separator: " ")
    }
}
