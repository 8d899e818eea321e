// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// A remote, and what rclone is asked to do with it: the arguments of its commands.
///
/// All of them are known to 1.60, of 2022, and to what came after it.
package struct RcloneRemote: Hashable, Sendable {
    /// As rclone knows it: `name:bucket/folder`.
    package let path: String
    /// For every command.
    private let options: [String]

    /// A remote; the options are the user's, and have the last word.
    package init(_ path: String, options: [String] = []) {
        self.path = path
        // Nobody would see it ask; now it says how the password is given otherwise.
        self.options = ["--ask-password=false"] + options
    }

    /// rclone's exit status for a folder that isn't there.
    package static let notFound: Int32 = 3

    package var features: [String] { ["backend", "features", path] + options }

    /// The listings that an inventory needs, and what stands before the paths in them.
    package func listings(_ traits: RemoteTraits) -> [(arguments: [String], prefix: String)] {
        let flat = ["lsjson", "--files-only", "--no-modtime", "--no-mimetype"]
        let common = flat + ["--recursive"]
        let hash = traits.hash.map { ["--hash", "--hash-type", $0.rawValue] } ?? []
        switch traits.form {
        case .objects:
            // The bucket's other folders are none of our business.
            return Publication.folders.map { (common + hash + [below($0)] + options, "\($0)/") }
                + [(flat + hash + [path] + options, "")]
        case .files:
            let all = (arguments: common + [path] + options, prefix: "")
            guard !hash.isEmpty else { return [all] }
            // To hash a file is to read it: only what is small, and not named by its content.
            let exceptions = ["/blobs/**", "/manifests/**", "/v2/**/blobs/**"]
                .flatMap { ["--exclude", $0] }
            return [all, (common + hash + exceptions + [path] + options, "")]
        }
    }

    /// Sends what a list names, from a folder of files and links under the names of their keys.
    func send(
        _ batch: Delivery.Batch,
        as form: RemoteForm,
        from folder: String,
        list: String,
        resending: Bool
    ) -> [String] {
        // rclone begins again when something failed; what came through isn't sent again then.
        let comparison =
            batch.label.isNamedByContent && !resending ? "--size-only" : "--ignore-times"
        return ["copy", folder, path, "--copy-links", comparison] + Self.only(list)
            + (form == .objects ? Self.headers(batch.label) : [])
            + (batch.phase == .blobs ? [] : Self.manySmall) + Self.logging + options
    }

    /// Lets the remote copy what a list names, labels and all.
    func copy(_ copy: Delivery.ServerCopy, list: String, resending: Bool) -> [String] {
        ["copy", below(copy.source), below(copy.target)]
            + [resending ? "--ignore-times" : "--size-only"] + Self.only(list) + Self.logging
            + options
    }

    /// Sends the object whose key ends with a slash.
    ///
    /// rclone would cut that off; U+FF0F becomes a slash where a remote's encoding has none.
    func sendRoot(_ label: Publication.Label, file: String) -> [String] {
        let encodings = ["--s3-encoding", "InvalidUtf8,Dot", "--gcs-encoding", "InvalidUtf8,Dot"]
        return ["copyto", file, below("v2\u{FF0F}"), "--ignore-times"]
            + encodings + Self.headers(label) + Self.logging + options
    }

    func remove(list: String) -> [String] {
        ["delete", path] + Self.only(list) + Self.logging + options
    }

    private func below(_ folder: String) -> String {
        path.hasSuffix(":") || path.hasSuffix("/") ? path + folder : "\(path)/\(folder)"
    }

    private static func only(_ list: String) -> [String] {
        ["--files-from-raw", list, "--no-traverse"]
    }

    /// What is small waits for answers, not for the line: more at a time than rclone's four.
    private static let manySmall = ["--transfers", "16"]

    private static func headers(_ label: Publication.Label) -> [String] {
        [
            "--header-upload", "Content-Type: \(label.contentType)",
            "--header-upload", "Cache-Control: \(label.cacheControl)",
        ]
    }

    /// Each line that it writes is a JSON document, with what is done so far twice a second.
    private static let logging = [
        "--use-json-log", "--stats", "500ms", "--stats-log-level", "NOTICE",
    ]
}
