// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Pulls of the matrix that can't succeed, and why.
///
/// They have to fail: a pull that succeeds is no limit any more, and leaves the list.
struct KnownLimit: Sendable {
    let reason: String
    let covers: @Sendable (MatrixPull) -> Bool

    static let all = [
        KnownLimit(reason: "Docker before 23 doesn't read layers in zstd.") { pull in
            pull.client.name == "docker" && pull.client.version.hasPrefix("20.")
                && pull.sample == .zstd
        }
    ]
}
