// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

/// Recognizes the kind of an input without a known dialect by the names of its files.
struct Recognition {
    /// Reads the JSON document with this name; nil if there is none.
    typealias Document = (String) -> JSON?

    /// The names of all files, split into components.
    private var paths: [[Substring]]
    private var names: Set<String>
    /// The removed folders, ending in a slash.
    private var removed = ""
    private let document: Document

    /// Finds the kind of an input with these names of files; nil if it is unknown.
    ///
    /// If one folder contains all files, the kind may also be that of the folder's content.
    static func kind(of names: [String], _ document: @escaping Document) -> ForeignInput? {
        let whole = Recognition(names, document)
        return whole.first(\.kind) ?? whole.first(\.looseKind)
    }

    /// Tries all paths as they are, and then again without each wrapping folder.
    private func first(_ kind: (Recognition) -> ForeignInput?) -> ForeignInput? {
        var recognition = self
        for _ in 0..<Self.maximumLevels {
            if let found = kind(recognition) { return found }
            guard recognition.removeFolder() else { return nil }
        }
        return nil
    }

    /// The maximum number of wrapping folders, enough for `var/lib/containerd` and a few more
    /// levels.
    private static let maximumLevels = 8

    private init(_ names: [String], _ document: @escaping Document) {
        paths = names.map { $0.split(separator: "/") }
        self.names = Set(names)
        self.document = document
    }

    private mutating func removeFolder() -> Bool {
        guard let folder = paths.first?.first,
            paths.allSatisfy({ $0.count > 1 && $0.first == folder })
        else { return false }
        removed += "\(folder)/"
        paths = paths.map { Array($0.dropFirst()) }
        names = Set(paths.map { $0.joined(separator: "/") })
        return true
    }

    /// The first kind of this table that fits.
    ///
    /// `fileSystem` comes before the kinds whose files a container may also contain.
    private var kind: ForeignInput? {
        let table: [(kind: ForeignInput, fits: Bool)] = [
            (.skopeoFolder, isSkopeoFolder),
            (.imgpkgArchive, isImgpkgArchive),
            (.imgpkgBundle, names.contains(".imgpkg/images.yml")),
            (.containerdStore, hasFolder("io.containerd.content.v1.content")),
            (.engineData(.docker), hasFolder("image") && hasFolder("overlay2")),
            (.engineData(.podman), hasFolder("overlay-images") || hasFolder("vfs-images")),
            (
                .registryDatabase,
                paths.contains { $0.suffix(2) == ["lockfiles", "database-in-use"] }
            ),
            (.fileSystem, isFileSystem),
            (.zarfPackage, names.contains("zarf.yaml")),
            (.helmChart, isHelmChart),
            (.ollamaModels, isOllama),
            (.beforeContentAddressing, isBeforeContentAddressing),
            (.containerdStore, hasBlobs && hasFolder("ingest")),
            (.layoutWithoutIndex, isLayoutWithoutIndex),
        ]
        return table.first(where: \.fits)?.kind
    }

    /// A kind that only counts if no other kind fits, because its file names are common.
    private var looseKind: ForeignInput? { archives ?? otherDocument }

    private func hasFolder(_ name: Substring) -> Bool { paths.contains { $0.first == name } }

    /// Whether a file with a digest as its name is in this folder.
    private func hasHex(in folder: [Substring]) -> Bool {
        paths.contains { path in
            path.dropLast() == folder[...] && path.last.flatMap { Digest(hex: $0) } != nil
        }
    }

    private var hasBlobs: Bool { hasHex(in: ["blobs", "sha256"]) }

    private func read(_ name: String) -> JSON? {
        names.contains(name) ? document(removed + name) : nil
    }
}

// The kinds.
extension Recognition {
    /// Whether this is the directory transport of containers/image.
    ///
    /// <https://github.com/containers/image/blob/v5.36.2/directory/directory_transport.go>
    private var isSkopeoFolder: Bool {
        let isManifest = read("manifest.json")?["schemaVersion"] != nil
        return names.contains("manifest.json") && hasHex(in: [])
            && (isManifest || names.contains("version"))
    }

    /// Whether `manifest.json` is a list of images that imgpkg wrote.
    ///
    /// <https://github.com/carvel-dev/imgpkg/blob/develop/pkg/imgpkg/imagetar/tar_writer.go>
    private var isImgpkgArchive: Bool {
        let entries = read("manifest.json")?.array ?? []
        return entries.contains { $0["Image"] != nil || $0["ImageIndex"] != nil }
    }

    private var isFileSystem: Bool {
        if names.contains(".dockerenv") { return true }
        let standard: Set<Substring> = [
            "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc",
            "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var",
        ]
        let inside = paths.map { $0.first == "rootfs" ? $0.dropFirst() : $0[...] }
        return Set(inside.compactMap(\.first)).intersection(standard).count >= 2
    }

    /// Whether the input is a chart, and not a package with a chart and archives of images.
    private var isHelmChart: Bool {
        names.contains("Chart.yaml") && archive(beside: "charts") == nil
    }

    private var isOllama: Bool {
        paths.contains { path in
            path.starts(with: ["manifests", "registry.ollama.ai"])
                || path.starts(with: ["models", "manifests", "registry.ollama.ai"])
                || path.count == 2 && path[0] == "blobs" && path[1].hasPrefix("sha256-")
        }
    }

    /// Whether the input has layers with IDs as names, but no list of images.
    ///
    /// <https://github.com/moby/moby/blob/v1.9.1/graph/export.go>
    private var isBeforeContentAddressing: Bool {
        guard !names.contains("manifest.json") else { return false }
        return names.contains("repositories")
            || paths.contains { path in
                path.last == "layer.tar" && paths.contains(path.dropLast() + ["json"])
            }
    }

    private var isLayoutWithoutIndex: Bool {
        !names.contains("index.json") && (hasBlobs || names.contains("oci-layout"))
    }

    private var archives: ForeignInput? {
        archive().map { .archives(example: removed + $0.joined(separator: "/")) }
    }

    /// Finds an archive that isn't inside `folder`.
    private func archive(beside folder: Substring? = nil) -> [Substring]? {
        paths.first { path in
            guard let name = path.last, Digest(hex: name.prefix { $0 != "." }) == nil,
                folder == nil || path.first != folder
            else { return false }
            return name != "layer.tar" && Self.suffixes.contains(where: name.hasSuffix)
        }
    }

    /// The ends of the names of archives.
    static let suffixes = [
        ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2",
        ".tar.lz4", ".oci",
    ]

    private var otherDocument: ForeignInput? {
        if let list = read("manifest.json"), !list.isNull {
            let keys = ["Config", "Layers", "RepoTags"]
            let isList = list.array.map { entries in
                entries.isEmpty || entries.contains { entry in keys.contains { entry[$0] != nil } }
            }
            if isList != true { return .otherDocument("manifest.json") }
        }
        if let index = read("index.json"), index["manifests"] == nil, !hasBlobs,
            !names.contains("oci-layout")
        {
            return .otherDocument("index.json")
        }
        return nil
    }
}
