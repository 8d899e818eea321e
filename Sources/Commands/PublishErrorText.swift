// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Publishing

extension ErrorText {
    init(_ error: PublishError) {
        switch error {
        case .noRclone:
            self.init(
                "rclone is not installed",
                remedy: "Install it (apt install rclone, dnf install rclone, apk add rclone)."
            )
        case .failed(let status):
            self.init(
                "rclone ended with status \(status); its own messages are above",
                remedy:
                    "Check the remote with `rclone lsd REMOTE`, then run the same command again; files"
                    + " that were sent are not sent again."
            )
        case .strange(let command):
            self.init(
                "rclone \(command) printed unknown output",
                remedy: "regstatic needs rclone 1.60 or later; `rclone version` prints the version."
            )
        case .interrupted:
            self.init(
                "interrupted",
                remedy: "Run the same command again; files that were sent are not sent again."
            )
        case .noBucket(let remote):
            self.init(
                "\(remote) has no bucket",
                remedy: "Add the bucket: \(remote)BUCKET."
            )
        case .noFolder(let remote):
            self.init(
                "\(remote) is a bucket, but with --for, publish writes to a folder, which you then"
                    + " upload with the host's own tool",
                remedy: "Give a folder instead of the bucket, or leave out --for."
            )
        case .faults(let site, let count):
            self.init(
                "\(site) has \(HumanText.count(count, "fault")), so nothing was sent",
                remedy: "Build the images again from their archives, which replaces damaged files."
            )
        }
    }

    init(_ limit: StaticHost.Limit) {
        switch limit {
        case .fileSize(let key, let size, let limit):
            self.init(
                "\(key) has \(HumanText.size(size)), but the host accepts only files up to"
                    + " \(HumanText.size(limit))",
                remedy: "Leave out the image, or publish to object storage."
            )
        case .files(let count, let limit):
            self.init(
                "the site has \(count) files, but the host accepts only \(limit)",
                remedy: "Distribute the images over several sites, or publish to object storage."
            )
        case .rules(let count, let limit):
            self.init(
                "serving each manifest with its type takes \(count) rules in _headers, but the host"
                    + " accepts only \(limit)",
                remedy:
                    "Give all images the same manifest type (--format docker, no indexes), or publish to"
                    + " object storage."
            )
        case .mixedTypes(let folder):
            self.init(
                "\(folder) has manifests of several types, which the host's rules can't distinguish",
                remedy:
                    "Give all images of a repository the same manifest type, or publish to Netlify or object"
                    + " storage."
            )
        case .page(let key):
            self.init(
                "the host redirects \(key) to the path without .html",
                remedy: "Give the image another tag, or publish to Netlify or object storage."
            )
        }
    }
}
