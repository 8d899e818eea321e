// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Catalogue
internal import SiteModel
internal import ClientKit
internal import Servers
internal import Site
internal import Store
internal import Streams

/// Options for the web pages; the site stores all of them.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Heading of the web page. Stored in the site; '' removes it.",
            valueName: "text"
        )
    )
    var title: String?

    @Option(
        help: ArgumentHelp(
            """
            Address of the registry on the web page: https://registry.plant.lan. Stored in the \
            site; '' removes it. (default: the address given to `regstatic clients`)
            """,
            valueName: "url"
        )
    )
    var baseURL: BaseURL?

    @Option(
        help: ArgumentHelp(
            """
            Render the web page with the files of this folder instead of the built-in ones of \
            the same name. The site keeps a copy; '' returns to the built-in files.
            """,
            valueName: "dir"
        ),
        completion: .directory
    )
    var template: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Whether the site has a web page. Stored in the site."
    )
    var page: Bool?

    func validate() throws {
        guard title.map(PageSettings.isTitle) != false else {
            throw ValidationError(
                "--title takes one line of at most \(PageSettings.titleLimit) bytes."
            )
        }
    }

    var changes: PageSettings.Changes {
        var changes = PageSettings.Changes()
        changes.title = title
        changes.address = baseURL.map(\.address)
        changes.isLeftOut = page.map { !$0 }
        return changes
    }

    /// The renderer with the template that the user named; nil if the user named none, so that the
    /// site keeps its template.
    func named() throws -> Catalogue? {
        guard let template else { return nil }
        guard !template.isEmpty else { return Catalogue() }
        let folder = try Folder(template, creating: false)
        return Catalogue(try TemplateSet(folder, ".", shownAs: template))
    }
}

/// A URL without a path, or an empty argument that removes the stored URL.
struct BaseURL: ExpressibleByArgument {
    let address: RegistryAddress?

    init?(argument: String) {
        address = PageSettings.address(argument)
        guard address != nil || argument.isEmpty else { return nil }
    }
}

extension Catalogue {
    /// Uses the template that a site keeps, or the built-in one.
    init(of site: SiteFolder) throws {
        let folder = site.store.folder
        let path = folder.absolute(TemplateSet.folder)
        self.init(try TemplateSet(folder, TemplateSet.folder, shownAs: path))
    }
}

extension TemplateSet {
    /// Reads the files of a folder; built-in files replace missing ones.
    init(_ folder: Folder, _ path: String, shownAs shown: String) throws {
        var own: [String: [UInt8]] = [:]
        for name in try folder.names(in: path) where !name.hasPrefix(".") {
            own[name] = try Self.contents(folder, "\(path)/\(name)", shownAs: "\(shown)/\(name)")
        }
        own["README.md"] = nil
        try self.init(own: own, folder: shown)
    }

    private static func contents(
        _ folder: Folder,
        _ path: String,
        shownAs shown: String
    ) throws -> [UInt8] {
        guard let bytes = try folder.contents(path, limit: TemplateError.sizeLimit) else {
            throw TemplateError.notAFile(shown)
        }
        return bytes
    }
}
