// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Store
internal import Streams
internal import Synchronization

/// A renderer of a site's web pages.
package protocol PageDrawing: Sendable {
    /// Plans the pages for everything that the site serves.
    func pages(of contents: PageContents) -> PagePlan
}

extension PageDrawing {
    /// Renders all pages of a site in memory, for upload; empty if the site is set to have none.
    package func files(
        _ index: SiteIndex,
        _ graph: SiteGraph,
        _ store: BlobStore
    ) -> [FileContent] {
        pages(index, graph, SitePlan(index, graph), store)?.all().files ?? []
    }

    /// Plans the pages of a site; nil if the site is set to have none.
    func pages(
        _ index: SiteIndex,
        _ graph: SiteGraph,
        _ plan: SitePlan,
        _ store: BlobStore
    ) -> PagePlan? {
        guard !index.page.isLeftOut else { return nil }
        let contents = PageContents(index, graph, plan, store)
        var pages = pages(of: contents)
        pages.failures = contents.failures
        return pages
    }
}

/// What a run does with a site's pages.
package enum PageChange {
    case leave
    /// The site is set to have no pages.
    case remove
    case draw(PagePlan)

    init(
        _ drawing: (any PageDrawing)?,
        _ index: SiteIndex,
        _ graph: SiteGraph,
        _ plan: SitePlan,
        _ store: BlobStore
    ) {
        guard let drawing else {
            self = .leave
            return
        }
        self = drawing.pages(index, graph, plan, store).map(Self.draw) ?? .remove
    }
}

extension PageChange {
    /// The folders that the pages need.
    var folders: [String] {
        guard case .draw(let plan) = self else { return [] }
        return plan.repositories.map { "\(PagePlan.folder)/\($0.name)" }
    }
}

/// Everything that pages are rendered from.
package struct PageContents {
    package let index: SiteIndex
    package let graph: SiteGraph
    package let plan: SitePlan
    /// A document of the store, checked against its digest; nil if it is missing or damaged.
    package let document: (Digest) -> [UInt8]?
    /// Errors from reading documents: an unreadable document isn't a missing one.
    let failures = ReadFailures()

    init(_ index: SiteIndex, _ graph: SiteGraph, _ plan: SitePlan, _ store: BlobStore) {
        (self.index, self.graph, self.plan) = (index, graph, plan)
        document = { [failures] digest in
            do { return try store.document(digest) } catch {
                if let error = error as? FileError { failures.add(error) }
                return nil
            }
        }
    }

    /// Makes contents without a store, for tests.
    package init(
        _ index: SiteIndex,
        _ graph: SiteGraph,
        document: @escaping (Digest) -> [UInt8]?
    ) {
        (self.index, self.graph) = (index, graph)
        plan = SitePlan(index, graph)
        self.document = document
    }
}

/// Errors of the medium during rendering.
final class ReadFailures: Sendable {
    private let errors = Mutex<[FileError]>([])

    func add(_ error: FileError) { errors.withLock { $0.append(error) } }

    /// The first one, if there is any.
    var first: FileError? { errors.withLock { $0.first } }
}

/// The pages of a site, rendered one repository at a time.
///
/// The pages of a large site don't fit in memory, and most don't change between runs.
package struct PagePlan {
    /// The pages of one repository.
    package struct Repository {
        package let name: RepositoryName
        /// A digest of everything that the pages are rendered from: equal inputs give equal pages.
        package let inputs: Digest
        package let draw: () -> Drawing

        package init(name: RepositoryName, inputs: Digest, draw: @escaping () -> Drawing) {
            (self.name, self.inputs, self.draw) = (name, inputs, draw)
        }
    }

    package struct Drawing: Sendable {
        package let files: [FileContent]
        /// The repository's part of the front page.
        package let summary: JSON
        /// Whether all documents that it is rendered from were intact.
        package let isWhole: Bool

        package init(files: [FileContent], summary: JSON, isWhole: Bool) {
            (self.files, self.summary, self.isWhole) = (files, summary, isWhole)
        }
    }

    package let repositories: [Repository]
    /// Style sheet and script.
    package let fixed: [FileContent]
    /// Renders the front page from the summaries of all repositories, in their order.
    package let front: ([JSON]) -> [FileContent]
    /// The user's own template, which the site stores for the next run.
    package let template: [FileContent]
    /// Read errors of the medium while pages were rendered.
    var failures = ReadFailures()

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
    /// The folder of all other pages, which contains nothing else.
    package static let folder = "catalogue"
    /// The folder in which a site stores the user's own template.
    package static let templateFolder = "\(BlobStore.state)/template"
    /// A tag in every front page by regstatic; only an `index.html` that contains it may be
    /// deleted.
    package static let mark = #"<meta name="generator" content="regstatic">"#

    /// Renders all pages again, and returns whether all documents that they are rendered from were
    /// intact.
    package func all() -> (files: [FileContent], isWhole: Bool) {
        let drawings = repositories.map { $0.draw() }
        let files = drawings.flatMap(\.files) + fixed + front(drawings.map(\.summary))
        return (files, drawings.allSatisfy(\.isWhole))
    }
}
