// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The files and links that a site should have, according to one version of the site.
struct SiteExpectation {
    /// Path → digest, for all regular files except blobs, index.json and SHA256SUMS.
    let files: [String: Digest]
    /// Path → target.
    let links: [String: String]
    /// All paths of the API.
    let apiPaths: [String]
    private let plan: SitePlan

    /// Takes the files from the list; if there is no list, takes only the files of the plan.
    init(_ plan: SitePlan, _ list: FileList?) {
        self.plan = plan
        files = list?.digests ?? plan.digests(plan.contentTypes)
        links = (plan.contentLinks + plan.tagLinks).reduce(into: [:]) { $0[$1.path] = $1.target }
        apiPaths = links.keys + (plan.tagFiles + plan.lists).map(\.path)
    }

    func has(_ path: String) -> Bool { files[path] != nil || links[path] != nil }

    /// Computes the digest that content-types.json has without the resources that another version
    /// lacks.
    func shortened(to other: SiteExpectation) -> Digest? {
        let bytes = plan.contentTypes.bytes
        return Digest(of: other.plan.shortened(contentTypes: bytes) ?? bytes)
    }

    /// The folders of derived files; other files in these folders are faults.
    static let derivedFolders = [SitePath.servers, SitePath.clients, PagePlan.folder]
}
