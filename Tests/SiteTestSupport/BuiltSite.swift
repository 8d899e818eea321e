// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Compression
package import OCI
internal import ClientKit
package import Site
package import SiteModel
internal import Inputs
internal import Store
package import TestSupport

/// A site in a folder of its own.
package struct BuiltSite: Sendable {
    package let folder: TemporaryFolder
    package var path: String { folder["site"] }

    package init() throws { folder = try TemporaryFolder() }

    /// A site built of some inputs in one run.
    package init(_ inputs: [String], threads: Int = 2) throws {
        try self.init()
        try build(inputs, threads: threads)
    }

    /// One run of `build`.
    @discardableResult
    package func build(
        _ inputs: [String],
        threads: Int = 2,
        servers: [FileContent] = [],
        pages: (any PageRenderer)? = nil,
        layout: SiteLayout? = nil,
        _ change: (inout SiteBuild.Options) throws -> Void = { _ in }
    ) throws -> SiteBuild.Outcome {
        var options = SiteBuild.Options(recipe: .standard, threads: threads)
        options.waits = false
        options.keepingAddress = { _ in true }
        try change(&options)
        let site = try SiteFolder.forWriting(path, layout: layout)
        return try SiteBuild(site, options, Derived(servers: servers, pages: pages), now: 0)
            .run(inputs, progress: NoProgress())
    }

    package func verify(allowingLinks: Bool = false) throws -> SiteVerifier.Report {
        try SiteVerifier.run(
            try SiteFolder.forReading(path, allowingLinks: allowingLinks),
            threads: 2,
            progress: NoProgress()
        )
    }

    /// Removes images and unreferenced content.
    package func pruner(pages: (any PageRenderer)? = nil, now: Int = 0) throws -> SitePruner {
        let site = try SiteFolder.forWriting(path, creating: false)
        return try SitePruner(SiteUpdate(site, Derived(servers: [], pages: pages), now: now))
    }

    /// Gives an image more tags.
    @discardableResult
    package func tag(_ source: String, as tags: String..., now: Int = 0) throws -> SiteTagging {
        guard let source = SiteReference(source) else { throw BadName(text: source) }
        let names = try tags.map { text in
            guard let name = NewTag(text) else { throw BadName(text: text) }
            return name
        }
        let site = try SiteFolder.forWriting(path, creating: false)
        return try SiteUpdate(site, Derived(servers: []), now: now).tag(source, as: names)
            .tagging
    }

    private struct BadName: Error { let text: String }

    package var index: SiteIndex {
        get throws { try SiteFolder.forReading(path).index }
    }

    /// Everything in the site, our own state too.
    package func snapshot() throws -> [String: Tree.Entry] { try folder.snapshot("site") }

    /// Everything that is copied or served.
    package func published() throws -> [String: Tree.Entry] {
        try snapshot().filter { !$0.key.hasPrefix(".regstatic") }
    }

    /// Writes an archive beside the site.
    ///
    /// - Returns: its path.
    package func archive(_ name: String, _ members: [TarMember]) throws -> String {
        try folder.write(name, TarBuilder.tar(members))
    }
}

extension Tree {
    /// A snapshot that people read: a line for each file with its size and the start of its digest.
    package static func text(_ snapshot: [String: Entry]) -> String {
        snapshot.sorted { $0.key < $1.key }
            .map { path, entry in
                switch entry {
                case .file(let bytes, let mode):
                    "\(path) \(String(mode, radix: 8)) \(bytes.count) \(Digest(of: bytes).hex)\n"
                case .folder(let mode): "\(path)/ \(String(mode, radix: 8))\n"
                case .link(let target): "\(path) -> \(target)\n"
                case .other: "\(path) ?\n"
                }
            }
            .joined()
    }
}

extension Derived {
    /// The client kit, pages, and files of servers that are the same for every site.
    package init(servers: [FileContent] = [], pages: (any PageRenderer)? = nil) {
        self.init([FixedFiles(files: servers), KitFiles(), MediumGuide()], pages: pages)
    }
}

private struct FixedFiles: DerivedFiles {
    let files: [FileContent]

    func files(for contents: SiteContents, _ plan: SitePlan) -> [FileContent] { files }
}
