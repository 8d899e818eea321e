// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

/// A remote, with functions that make the arguments of rclone's commands for this remote.
///
/// The arguments work with rclone 1.60 (from 2022) and later.
package struct RcloneRemote: Hashable, Sendable {
    /// The name for rclone: `name:bucket/folder`.
    package let path: String
    /// The options for every command.
    private let options: [String]

    /// A remote with options of the user, which override regstatic's own.
    package init(_ path: String, options: [String] = []) {
        self.path = path
        // The user wouldn't see a question for a password, so make rclone fail and report how to
        // pass the password.
        self.options = ["--ask-password=false"] + options
    }

    /// The exit status of rclone for a missing folder.
    package static let notFound: Int32 = 3

    package var features: [String] { ["backend", "features", path] + options }

    /// The arguments of the listings that an inventory needs, and the prefix for the paths in each
    /// listing.
    package func listings(_ traits: RemoteTraits) -> [(arguments: [String], prefix: String)] {
        let flat = ["lsjson", "--files-only", "--no-modtime", "--no-mimetype"]
        let common = flat + ["--recursive"]
        let hash = traits.hash.map { ["--hash", "--hash-type", $0.rawValue] } ?? []
        switch traits.form {
        case .objects:
            // List only the site's folders, because the bucket may have other folders.
            return Publication.folders.map { (common + hash + [below($0)] + options, "\($0)/") }
                + [(flat + hash + [path] + options, "")]
        case .files:
            let all = (arguments: common + [path] + options, prefix: "")
            guard !hash.isEmpty else { return [all] }
            // The remote must read a file to hash it, so request no hashes of files whose key
            // contains their digest. All other files are small.
            let exceptions = ["/blobs/**", "/manifests/**", "/v2/**/blobs/**"]
                .flatMap { ["--exclude", $0] }
            return [all, (common + hash + exceptions + [path] + options, "")]
        }
    }

    /// Sends the files of a folder that are named in a list.
    ///
    /// The path of each file or link in this folder is its key on the remote.
    func send(
        _ batch: Delivery.Batch,
        as form: RemoteForm,
        from folder: String,
        list: String,
        resending: Bool
    ) -> [String] {
        // rclone retries after an error, and does not send finished files again.
        let comparison =
            batch.label.isNamedByContent && !resending ? "--size-only" : "--ignore-times"
        return ["copy", folder, path, "--copy-links", comparison] + Self.only(list)
            + (form == .objects ? Self.headers(batch.label) : [])
            + (batch.phase == .blobs ? [] : Self.manySmall) + Self.logging + options
    }

    /// Makes the remote itself copy the files of a list, with their headers.
    func copy(_ copy: Delivery.ServerCopy, list: String, resending: Bool) -> [String] {
        ["copy", below(copy.source), below(copy.target)]
            + [resending ? "--ignore-times" : "--size-only"] + Self.only(list) + Self.logging
            + options
    }

    /// Sends the object whose key ends with a slash.
    ///
    /// rclone would remove a slash at the end of the argument, so the argument ends with U+FF0F.
    /// rclone turns U+FF0F into a slash if the remote's encoding doesn't include `Slash`.
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

    /// Send more files at a time than rclone's default of four, because sending small files is
    /// limited by the waiting time for answers, not by bandwidth.
    private static let manySmall = ["--transfers", "16"]

    private static func headers(_ label: Publication.Label) -> [String] {
        [
            "--header-upload", "Content-Type: \(label.contentType)",
            "--header-upload", "Cache-Control: \(label.cacheControl)",
        ]
    }

    /// Makes rclone write JSON lines, with the progress twice a second.
    private static let logging = [
        "--use-json-log", "--stats", "500ms", "--stats-log-level", "NOTICE",
    ]
}
