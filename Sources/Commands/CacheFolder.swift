// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// The user's folder for caches, as the XDG Base Directory Specification defines it.
///
/// <https://specifications.freedesktop.org/basedir-spec/latest/>
enum CacheFolder {
    /// `$XDG_CACHE_HOME/regstatic`, or `~/.cache/regstatic`; nil without a home.
    static var path: String? {
        if let caches = variable("XDG_CACHE_HOME") { return "\(caches)/regstatic" }
        return variable("HOME").map { "\($0)/.cache/regstatic" }
    }

    /// The specification ignores relative paths.
    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let path = unsafe String(cString: value)
        return path.hasPrefix("/") ? path : nil
    }
}
