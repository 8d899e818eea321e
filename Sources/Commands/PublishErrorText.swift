// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Publishing

extension ErrorText {
    init(_ error: PublishError) {
        switch error {
        case .noRclone:
            self.init(
                "there is no rclone on this machine",
                remedy: "Install it (apt install rclone, dnf install rclone, apk add rclone)."
            )
        case .failed(let status):
            self.init(
                "rclone ended with status \(status); its own words are above",
                remedy:
                    "rclone lsd REMOTE shows whether it gets there. Run the same command again when"
                    + " that is mended: what was sent isn't sent again."
            )
        case .strange(let command):
            self.init(
                "rclone \(command) printed something unknown",
                remedy: "regstatic needs rclone 1.60 or later; rclone version says which it is."
            )
        case .interrupted:
            self.init(
                "interrupted",
                remedy: "Run the same command again: what was sent isn't sent again."
            )
        case .noBucket(let remote):
            self.init(
                "\(remote) names no bucket",
                remedy: "Say which: \(remote)BUCKET."
            )
        case .noFolder(let remote):
            self.init(
                "\(remote) is a bucket; --for writes a folder, for the host's own upload",
                remedy: "Name a folder, or leave --for out."
            )
        case .faults(let site, let count):
            self.init(
                "\(site) has \(HumanText.count(count, "fault")): nothing was sent",
                remedy: "Build the images again from their archives: what is damaged is replaced."
            )
        }
    }

    init(_ limit: StaticHost.Limit) {
        switch limit {
        case .fileSize(let key, let size, let limit):
            self.init(
                "\(key) has \(HumanText.size(size)), and the host takes files up to"
                    + " \(HumanText.size(limit))",
                remedy: "Leave the image out, or publish to object storage."
            )
        case .files(let count, let limit):
            self.init(
                "the site has \(count) files, and the host takes \(limit)",
                remedy: "Spread the images over several sites, or publish to object storage."
            )
        case .rules(let count, let limit):
            self.init(
                "\(count) rules are needed to give all manifests their types, and the host takes"
                    + " \(limit)",
                remedy: "Build all images of one kind (--format docker, no indexes), or publish to"
                    + " object storage."
            )
        case .mixedTypes(let folder):
            self.init(
                "\(folder) holds manifests of several types, which the host's rules can't tell apart",
                remedy:
                    "Put images of one kind into each repository, or publish to Netlify or object"
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
