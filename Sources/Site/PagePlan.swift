// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import Store
internal import Streams
internal import Synchronization

/// What draws the pages that a site has for browsers.
package protocol PageDrawing: Sendable {
    /// The pages of what a plan serves; `document` gives the bytes of configurations.
    func pages(of contents: PageContents) -> PagePlan
}

extension PageDrawing {
    /// All pages of a site, to be sent elsewhere; none if it shall have none.
    package func files(
        _ index: SiteIndex,
        _ graph: SiteGraph,
        _ store: BlobStore
    ) -> [FileContent] {
        pages(index, graph, SitePlan(index, graph), store)?.all().files ?? []
    }

    /// The pages of a site; nil if it shall have none.
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

/// What becomes of the pages that a site has.
package enum PageChange {
    case leave
    /// The site shall have none.
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

/// Everything that pages are drawn from.
package struct PageContents {
    package let index: SiteIndex
    package let graph: SiteGraph
    package let plan: SitePlan
    /// A document of the store, checked against its digest; nil if it is missing or damaged.
    package let document: (Digest) -> [UInt8]?
    /// Documents that the medium did not give: those are not missing.
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

    /// Without a store, for tests.
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

/// Errors of the medium that a drawing met.
final class ReadFailures: Sendable {
    private let errors = Mutex<[FileError]>([])

    func add(_ error: FileError) { errors.withLock { $0.append(error) } }

    /// The first one, if there is any.
    var first: FileError? { errors.withLock { $0.first } }
}

/// The pages of a site, drawn one repository at a time: a large site has more of them than memory
/// should hold, and most stay as they are from one run to the next.
package struct PagePlan {
    /// The pages of one repository.
    package struct Repository {
        package let name: RepositoryName
        /// A digest of all that they are drawn from: the same inputs give the same pages.
        package let inputs: Digest
        package let draw: () -> Drawing

        package init(name: RepositoryName, inputs: Digest, draw: @escaping () -> Drawing) {
            (self.name, self.inputs, self.draw) = (name, inputs, draw)
        }
    }

    package struct Drawing: Sendable {
        package let files: [FileContent]
        /// What the front page says of the repository.
        package let summary: JSON
        /// Whether nothing that it is drawn from was damaged.
        package let isWhole: Bool

        package init(files: [FileContent], summary: JSON, isWhole: Bool) {
            (self.files, self.summary, self.isWhole) = (files, summary, isWhole)
        }
    }

    package let repositories: [Repository]
    /// Style sheet and script.
    package let fixed: [FileContent]
    /// The front page, by the summaries of all repositories in their order.
    package let front: ([JSON]) -> [FileContent]
    /// The user's own template, which the site keeps for the next run.
    package let template: [FileContent]
    /// What the medium did not give while pages were drawn.
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
    /// Holds all other pages, and nothing else.
    package static let folder = "catalogue"
    /// Where a site keeps the user's own template.
    package static let templateFolder = "\(BlobStore.state)/template"
    /// Stands in every front page of ours: what has it may go when the site is to have none.
    package static let mark = #"<meta name="generator" content="regstatic">"#

    /// All pages, drawn anew, and whether nothing that they are drawn from was damaged.
    package func all() -> (files: [FileContent], isWhole: Bool) {
        let drawings = repositories.map { $0.draw() }
        let files = drawings.flatMap(\.files) + fixed + front(drawings.map(\.summary))
        return (files, drawings.allSatisfy(\.isWhole))
    }
}
