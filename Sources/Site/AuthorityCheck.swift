// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Certificates
internal import SiteModel

extension ClientSettings {
    /// Checks that the stored CA is a certificate and nothing else, because clients install it.
    ///
    /// - Throws: `ClientSettingsError.authority`.
    func checkAuthority() throws(ClientSettingsError) {
        guard let pem = address?.authority?.pem else { return }
        let parsed = try? Certificate.trustAnchors(pem: Array(pem.utf8), file: SiteIndex.path)
        guard parsed == pem else { throw .authority }
    }
}
