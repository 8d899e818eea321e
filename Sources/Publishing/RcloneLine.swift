// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// A line that rclone wrote to its standard error.
package enum RcloneLine: Hashable, Sendable {
    /// The number of bytes that rclone has sent.
    case done(Int)
    /// An error message of rclone.
    case fault(String)
    /// Any other line.
    case ignored

    package init(_ line: String) {
        guard let json = try? JSON(parsing: Array(line.utf8)) else {
            self = line.isEmpty ? .ignored : .fault(line)
            return
        }
        if let bytes = json["stats"]?["bytes"]?.integer {
            self = .done(bytes)
        } else if ["error", "critical", "alert", "fatal"].contains(json["level"]?.string) {
            let object = json["object"]?.string.map { "\($0): " } ?? ""
            self = .fault(object + (json["msg"]?.string ?? ""))
        } else {
            self = .ignored
        }
    }
}
