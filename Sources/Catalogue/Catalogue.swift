// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import SiteModel
internal import ClientKit
internal import OCI

/// Renders a site's pages for browsers, as a pure function of the site's contents and a template.
package struct Catalogue: PageRenderer {
    private let templates: TemplateSet

    /// The edition of the rendered pages.
    package static var edition: Int { Frame.edition }

    package init(_ templates: TemplateSet = TemplateSet()) { self.templates = templates }

    package func pages(of contents: PageContents) -> PagePlan {
        let frame = Frame(contents.index, templates)
        let own = Set(contents.index.repositories)
        let views = contents.plan.repositories.filter { own.contains($0.name) }
        let repositories = views.map { view in
            let repository = RepositoryPages(view, contents: contents, frame: frame)
            return PagePlan.Repository(
                name: view.name,
                inputs: repository.inputs,
                draw: { repository.draw() }
            )
        }
        return PagePlan(
            repositories: repositories,
            fixed: [
                FileContent(Frame.stylePath, templates.style),
                FileContent(Frame.scriptPath, templates.script),
            ],
            template: templates.own.sorted { $0.key < $1.key }
                .map { FileContent("\(TemplateSet.folder)/\($0.key)", $0.value) },
            front: { FrontPage(views, of: contents, in: frame).files($0) }
        )
    }
}
