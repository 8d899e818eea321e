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

    /// Entrypoint and Cmd may also be texts, which Docker accepts in its own images.
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
    package func mismatch(in json: JSON, at path: String = "") -> String? {
        switch (self, json) {
        case (_, .null), (.any, _), (.string, .string), (.bool, .bool): return nil
        case (.integer, .number): return json.integer == nil ? path : nil
        case (.time, .string(let text)): return Self.isTime(text) ? nil : path
        case (.list(let element), .array(let values)):
            for (index, value) in values.enumerated() {
                let found = element.mismatch(in: value, at: "\(path)[\(index)]")
                if let found { return found }
            }
            return nil
        case (.map(let element), .object(let members)):
            return Self.first(members, below: path) { _ in element }
        case (.object(let fields), .object(let members)):
            return Self.first(members, below: path) { fields[$0] }
        default: return path
        }
    }

    private static func first(
        _ members: [JSON.Member],
        below path: String,
        _ schema: (String) -> ClientSchema?
    ) -> String? {
        for member in members {
            let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
            if let found = schema(member.key)?.mismatch(in: member.value, at: inner) {
                return found
            }
        }
        return nil
    }

    /// Whether Go's `time.Time` can decode a text.
    private static func isTime(_ text: String) -> Bool {
        let pattern =
            #/[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]([.,][0-9]+)?(Z|[+-][0-2][0-9]:[0-5][0-9])/#
        return text.wholeMatch(of: pattern) != nil
    }
}
