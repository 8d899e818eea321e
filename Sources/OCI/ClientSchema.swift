// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The types of the fields that clients decode into fixed structures.
///
/// docker, containerd, podman and skopeo refuse a whole document if a field has another type, so a site
/// must not publish it. Unknown fields and `null` are allowed everywhere, as in Go's `encoding/json`.
///
/// <https://github.com/opencontainers/image-spec/tree/v1.1.1/specs-go/v1>
package indirect enum ClientSchema: Sendable {
    case string, integer, bool
    /// A time as in RFC 3339.
    case time
    case list(ClientSchema)
    /// An object with any keys.
    case map(ClientSchema)
    case object([String: ClientSchema])
    case any

    package static let descriptor = ClientSchema.object([
        "mediaType": .string, "digest": .string, "size": .integer, "artifactType": .string,
        "urls": .list(.string), "annotations": .map(.string),
        "platform": .object([
            "architecture": .string, "os": .string, "os.version": .string,
            "os.features": .list(.string), "variant": .string,
        ]),
    ])

    package static let manifest = ClientSchema.object([
        "schemaVersion": .integer, "mediaType": .string, "artifactType": .string,
        "config": .descriptor, "layers": .list(.descriptor), "manifests": .list(.descriptor),
        "subject": .descriptor, "annotations": .map(.string),
    ])

    /// The schema of a config.
    ///
    /// Entrypoint and Cmd may also be texts, because Docker accepts them in its own images.
    package static let config = ClientSchema.object([
        "created": .time, "author": .string, "architecture": .string, "variant": .string,
        "os": .string, "os.version": .string, "os.features": .list(.string),
        "config": .object([
            "User": .string, "ExposedPorts": .map(.any), "Env": .list(.string),
            "Volumes": .map(.any), "WorkingDir": .string, "Labels": .map(.string),
            "StopSignal": .string,
        ]),
        "rootfs": .object(["type": .string, "diff_ids": .list(.string)]),
        "history": .list(
            .object([
                "created": .time, "author": .string, "created_by": .string, "comment": .string,
                "empty_layer": .bool,
            ])
        ),
    ])

    /// Finds the first field of another type; nil if clients can decode the document.
    ///
    /// - Returns: the path of the field, such as `layers[0].annotations`.
    package func mismatch(in json: JSON) -> String? {
        guard let steps = steps(to: json) else { return nil }
        return steps.reversed()
            .reduce("") { path, step in
                path.isEmpty || step.hasPrefix("[") ? path + step : "\(path).\(step)"
            }
    }

    /// The keys and list positions on the path to the first field of another type, from the
    /// innermost to the outermost.
    ///
    /// Only a mismatch allocates memory for the path, because a build checks thousands of
    /// documents.
    private func steps(to json: JSON) -> [String]? {
        switch (self, json) {
        case (_, .null), (.any, _), (.string, .string), (.bool, .bool): return nil
        case (.integer, .number): return json.integer == nil ? [] : nil
        case (.time, .string(let text)): return GoTime.canDecode(text) ? nil : []
        case (.list(let element), .array(let values)):
            for (index, value) in values.enumerated() {
                if let steps = element.steps(to: value) { return steps + ["[\(index)]"] }
            }
            return nil
        case (.map(let element), .object(let members)):
            return Self.first(members) { _ in element }
        case (.object(let fields), .object(let members)):
            return Self.first(members) { fields[$0] }
        default: return []
        }
    }

    private static func first(
        _ members: [JSON.Member],
        _ schema: (String) -> ClientSchema?
    ) -> [String]? {
        for member in members {
            if let steps = schema(member.key)?.steps(to: member.value) {
                return steps + [member.key]
            }
        }
        return nil
    }
}
