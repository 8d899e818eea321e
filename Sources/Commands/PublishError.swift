// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A reason why a site isn't published.
enum PublishError: Error, Hashable {
    case noRclone
    /// rclone failed; its own messages were passed on.
    case failed(status: Int32)
    /// rclone printed output of an unknown form.
    case strange(command: String)
    /// A signal ended the run.
    case interrupted(signal: Int32)
    /// The remote is an account, not a bucket in it.
    case noBucket(String)
    /// A static host needs a folder, not a bucket.
    case noFolder(String)
    /// The site has faults.
    case faults(site: String, count: Int)
}
