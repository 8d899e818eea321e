// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

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
    /// A static host takes files, not objects.
    case noFolder(String)
    /// The site is not what it was when it was built.
    case faults(site: String, count: Int)
}
