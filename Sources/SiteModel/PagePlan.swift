// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI

/// A renderer of a site's web pages.
package protocol PageRenderer: Sendable {
    /// Plans the pages for everything that the site serves.
    func pages(of contents: PageContents) -> PagePlan
}

/// All data from which pages are rendered.
package struct PageContents {
    package let contents: SiteContents
    package let plan: SitePlan
    /// A document of the store, checked against its digest; nil if it is missing or damaged.
    package let document: (Digest) -> [UInt8]?

    package var index: SiteIndex { contents.index }
    package var graph: SiteGraph { contents.graph }

    package init(
        _ contents: SiteContents,
        _ plan: SitePlan,
        document: @escaping (Digest) -> [UInt8]?
    ) {
        self.contents = contents
        self.plan = plan
        self.document = document
    }
}

/// The pages of a site, rendered one repository at a time.
///
/// This is necessary because the pages of a large site don't fit in memory, and most of them don't
/// change between runs.
package struct PagePlan {
    /// The pages of one repository.
    package struct Repository {
        package let name: RepositoryName
        /// A digest of all data from which the pages are rendered, so that equal digests mean equal
        /// pages.
        package let inputs: Digest
        package let draw: () -> Drawing

        package init(name: RepositoryName, inputs: Digest, draw: @escaping () -> Drawing) {
            (self.name, self.inputs, self.draw) = (name, inputs, draw)
        }
    }

    package struct Drawing: Sendable {
        package let files: [FileContent]
        /// The values that the front page shows about the repository.
        package let summary: JSON
        /// Whether all documents from which the pages were rendered were intact.
        package let isWhole: Bool

        package init(files: [FileContent], summary: JSON, isWhole: Bool) {
            (self.files, self.summary, self.isWhole) = (files, summary, isWhole)
        }
    }

    package let repositories: [Repository]
    /// The style sheet and the script, which are the same for all pages.
    package let fixed: [FileContent]
    /// Renders the front page from the summaries of all repositories, in the order of
    /// `repositories`.
    package let front: ([JSON]) -> [FileContent]
    /// The user's own template, which the site stores for the next run.
    package let template: [FileContent]

    package init(
        repositories: [Repository],
        fixed: [FileContent],
        template: [FileContent],
        front: @escaping ([JSON]) -> [FileContent]
    ) {
        (self.repositories, self.fixed, self.template) = (repositories, fixed, template)
        self.front = front
    }

    package static let frontPath = "index.html"
    /// The Content-Security-Policy in each page, which forbids inline scripts and styles, and
    /// content of other hosts.
    package static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'"
    /// The same policy as an HTTP header; it adds `frame-ancestors`, which browsers ignore in a
    /// page.
    package static let policyHeader = policy + "; frame-ancestors 'none'"
    /// The folder for all pages except the front page; no other files may be in this folder.
    package static let folder = "catalogue"
    /// The folder in which a site stores the user's own template.
    package static let templateFolder = "\(StateFolder.path)/template"
    /// An HTML element in every front page that regstatic makes.
    ///
    /// regstatic never deletes an `index.html` without this element.
    package static let mark = #"<meta name="generator" content="regstatic">"#

    /// Renders all pages again; `isWhole` is whether all documents from which they are rendered
    /// were intact.
    package func all() -> (files: [FileContent], isWhole: Bool) {
        let drawings = repositories.map { $0.draw() }
        let files = drawings.flatMap(\.files) + fixed + front(drawings.map(\.summary))
        return (files, drawings.allSatisfy(\.isWhole))
    }
}
