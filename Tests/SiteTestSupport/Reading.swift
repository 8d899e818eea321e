// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

private import Foundation
private import Glibc
package import Compression
package import OCI
package import SiteModel
package import Inputs
package import Store
package import Streams
package import TestSupport

/// A fresh store, and what came of reading one input into it.
package struct Reading {
    package let folder: TemporaryFolder
    package let store: BlobStore
    package let outcome: InputReader.Outcome

    package init(
        _ input: String,
        recipe: Recipe? = Recipe(.gzip),
        kind: ManifestKind = .ociManifest,
        selection: Selection = Selection(),
        threads: Int = 2,
        budget: ExpansionBudget = ExpansionBudget()
    ) throws {
        folder = try TemporaryFolder()
        store = BlobStore(try Folder(folder["store"], creating: true))
        try store.prepare()
        outcome = InputReader(
            store: store,
            recipe: recipe ?? Recipe.standard,
            manifestKind: kind,
            selection: selection,
            threads: threads,
            progress: NoProgress(),
            budget: budget
        )
        .read(input)
    }

    /// A reader that gives up early shall not end the tests by a signal.
    private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// Reads an archive that is in memory, as a file or through a pipe.
    package init(
        tar: [UInt8],
        throughPipe: Bool = false,
        recipe: Recipe? = Recipe(.gzip),
        threads: Int = 2
    ) throws {
        let scratch = try TemporaryFolder()
        guard throughPipe else {
            try self.init(try scratch.write("image.tar", tar), recipe: recipe, threads: threads)
            return
        }
        Self.ignoreBrokenPipes
        let pipe = Pipe()
        Thread.detachNewThread {
            // A reader that gives up early closes its end: no signal then, an error.
            try? pipe.fileHandleForWriting.write(contentsOf: Data(tar))
            try? pipe.fileHandleForWriting.close()
        }
        defer { try? pipe.fileHandleForReading.close() }
        try self.init(
            "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)",
            recipe: recipe,
            threads: threads
        )
    }

    package init(
        _ members: [TarMember],
        throughPipe: Bool = false,
        recipe: Recipe? = Recipe(.gzip),
        threads: Int = 2
    ) throws {
        try self.init(
            tar: TarBuilder.tar(members),
            throughPipe: throughPipe,
            recipe: recipe,
            threads: threads
        )
    }
}

// What the tests look at.
extension Reading {
    package var images: [SavedImage] { outcome.images }
    package var faults: [SourceFault] { outcome.errors.map(\.fault) }

    /// Names in the store, each the digest of what it holds: two equal lists are two equal stores.
    package var blobs: [String] { get throws { try store.folder.names(in: Digest.blobFolder) } }

    /// What is left of work in progress.
    package var staged: [String] { get throws { try store.folder.names(in: ".regstatic/tmp") } }

    package func bytes(_ digest: Digest) throws -> [UInt8] {
        try folder.read("store/\(digest.blobPath)")
    }

    package func manifest(_ root: Descriptor) throws -> Manifest {
        try Manifest(try RawDocument(try bytes(root.digest)), claimed: root.mediaType)
    }

    /// Config and layers of an image.
    package func parts(_ image: SavedImage) throws -> (config: Descriptor, layers: [Descriptor]) {
        guard case .image(let config, let layers) = try manifest(image.root).content else {
            throw Unexpected("\(image.root.digest) is an index")
        }
        return (config, layers)
    }

    /// Everything that a reader of the store could tell, as text.
    package var description: [String] {
        get throws { outcome.images.map(\.line) + (try blobs) }
    }
}

package struct Unexpected: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

extension Recipe {
    package static let standard: Recipe = {
        guard let recipe = Recipe(.gzip) else { preconditionFailure("gzip has a default level") }
        return recipe
    }()
}

extension SavedImage {
    /// As in `images.txt`.
    package var line: String {
        [
            root.digest.description, ManifestKind(root.mediaType)?.rawValue ?? "?",
            list(names.map(\.text)), list(platforms.map(\.description)),
            isMade ? "rebuilt" : "original", list(missing.map(\.digest.description)),
            subject?.description ?? "-",
        ]
        .joined(separator: " | ")
    }

    /// The same without the digest, for a manifest of our own.
    package var lineWithoutDigest: String {
        "-" + line.dropFirst(root.digest.description.count)
    }

    private func list(_ texts: [String]) -> String {
        texts.isEmpty ? "-" : texts.joined(separator: ",")
    }
}

extension ImageName {
    package var text: String {
        switch self {
        case .reference(let reference): reference.description
        case .tag(let tag): "tag \(tag)"
        case .served(let name, let tag): "served \(name)\(tag.map { ":\($0)" } ?? "")"
        }
    }
}
