// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// What the files and links of a site should be, according to one version of it.
struct SiteExpectation {
    /// Path → digest, for all regular files except blobs, index.json and SHA256SUMS.
    let files: [String: Digest]
    /// Path → target.
    let links: [String: String]
    /// Every path in the API.
    let apiPaths: [String]
    private let plan: SitePlan

    /// Takes the files from the list; without a list, only the files of the plan are known.
    init(_ plan: SitePlan, _ list: FileList?) {
        self.plan = plan
        files = list?.digests ?? plan.digests(plan.contentTypes)
        links = (plan.contentLinks + plan.tagLinks).reduce(into: [:]) { $0[$1.path] = $1.target }
        apiPaths = links.keys + (plan.tagFiles + plan.lists).map(\.path)
    }

    func has(_ path: String) -> Bool { files[path] != nil || links[path] != nil }

    /// The digest of content-types.json without the resources that another version lacks.
    func shortened(to other: SiteExpectation) -> Digest? {
        let bytes = plan.contentTypes.bytes
        return Digest(of: other.plan.shortened(contentTypes: bytes) ?? bytes)
    }

    /// The folders of derived files, which may have no other files.
    static let derivedFolders = [SitePath.servers, SitePath.clients, PagePlan.folder]
}
