// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Publishing

/// Why a site isn't published.
enum PublishError: Error, Hashable {
    case noRclone
    /// rclone ended by itself; its own words were passed on.
    case failed(status: Int32)
    /// It printed something else than what it does as a rule.
    case strange(command: String)
    /// A signal was to end us.
    case interrupted(signal: Int32)
    /// The remote is an account, not a bucket in it.
    case noBucket(String)
    /// The site is not what it was when it was built.
    case faults(site: String, count: Int)
}

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
        case .faults(let site, let count):
            self.init(
                "\(site) has \(HumanText.count(count, "fault")): nothing was sent",
                remedy: "Build the images again from their archives: what is damaged is replaced."
            )
        }
    }
}
