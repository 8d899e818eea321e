// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Store

/// The file in which a site stores the names of its inputs.
package enum SiteMemory {
    static let name = "inputs.json"
    package static let inputs = "\(BlobStore.state)/\(name)"
}
