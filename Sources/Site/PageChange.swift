// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
package import SiteModel
package import Store
package import Streams
internal import Synchronization

/// The change that a run makes to a site's pages.
package enum PageChange {
    case leave
    /// Remove all pages, because the settings say that the site has none.
    case remove
    case draw(PagePlan, ReadFailures)

    /// Plans the pages of a site; if `drawing` is nil, the pages stay as they are.
    package init(
        _ drawing: (any PageRenderer)?,
        _ contents: SiteContents,
        plan: SitePlan,
        from store: BlobStore
    ) {
        guard let drawing else {
            self = .leave
            return
        }
        guard !contents.index.page.isLeftOut else {
            self = .remove
            return
        }
        let failures = ReadFailures()
        let pages = PageContents(contents, plan) { digest in
            do { return try store.document(digest) } catch {
                if let error = error as? FileError { failures.add(error) }
                return nil
            }
        }
        self = .draw(drawing.pages(of: pages), failures)
    }

    /// The folders for the pages of the repositories.
    var folders: [String] {
        guard case .draw(let plan, _) = self else { return [] }
        return plan.repositories.map { "\(PagePlan.folder)/\($0.name)" }
    }

    /// Renders all pages of a site in memory, for upload; empty if the site's settings allow no
    /// pages.
    ///
    /// - Throws: `FileError` if a document can't be read, because a page without it would be wrong.
    package func files() throws(FileError) -> [FileContent] {
        guard case .draw(let plan, let failures) = self else { return [] }
        let files = plan.all().files
        if let error = failures.first { throw error }
        return files
    }
}

/// Read errors of the medium that occur while pages are rendered.
package final class ReadFailures: Sendable {
    private let errors = Mutex<[FileError]>([])

    func add(_ error: FileError) { errors.withLock { $0.append(error) } }

    /// The first error; nil if there is none.
    var first: FileError? { errors.withLock { $0.first } }
}
