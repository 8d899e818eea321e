// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

extension SiteIndex {
    /// Finds the entry for a reference.
    package func entry(_ reference: SiteReference) throws(LookupError) -> Entry {
        let own = entries.filter { $0.repository == reference.repository }
        let found =
            switch reference.target {
            case .tag(let tag): own.first { $0.tag == tag }
            case .digest(let digest): own.first { $0.manifest.digest == digest }
            case .unnamed: own.count == 1 ? own.first : own.first { $0.tag == .latest }
            }
        guard let found else { throw .noSuchImage(reference, present: own.map(\.name)) }
        return found
    }
}
