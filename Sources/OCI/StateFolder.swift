// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The folder in a site for the lock, work in progress and caches; clients never read it.
package enum StateFolder {
    package static let path = ".regstatic"
}
