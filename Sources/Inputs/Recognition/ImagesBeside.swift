// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Glibc
internal import OCI
internal import Streams

/// The archives of images, and the OCI layouts, in a folder from which images of another kind were read.
///
/// Only names and the first bytes of files are read, up to limits.
struct ImagesBeside {
    /// The paths of the archives below the folder.
    private(set) var archives: [String] = []
    /// The paths of the folders with OCI layouts, without the folder itself.
    private(set) var layouts: [String] = []

    /// Searches a folder; skips blobs and layers.
    init(in folder: InputFile) throws(ArchiveError) {
        var level: [(path: String, folder: InputFile)] = [("", folder)]
        var count = 0
        for _ in 0..<Self.maximumLevels {
            var next: [(path: String, folder: InputFile)] = []
            for (path, folder) in level {
                let (names, error) = folder.names()
                if case .stream(.system(_, EIO))? = error, let error { throw error }
                let isLayout = names.contains(OCILayout.path) && names.contains("blobs")
                if isLayout, !path.isEmpty { layouts.append(String(path.dropLast())) }
                for name in names.sorted() where !Self.isSkipped(name) {
                    count += 1
                    guard count <= Self.maximumNames else { return }
                    guard let own = MemberPath(name) else { continue }
                    if Self.isArchive(own), try add(path + name, own, in: folder) { continue }
                    if next.count < Self.maximumFolders,
                        let inner = try Self.unlessUnreadable({ () throws(ArchiveError) in
                            try folder.folder(own)
                        })
                    {
                        next.append((path + name + "/", inner))
                    }
                }
            }
            level = next
        }
    }

    private static let maximumLevels = 4
    /// The maximum number of open folders of a level.
    private static let maximumFolders = 128
    private static let maximumNames = 20_000

    /// Whether a folder has the blobs of a layout or of a registry, or hidden files.
    private static func isSkipped(_ name: String) -> Bool {
        name.hasPrefix(".") || ["blobs", "repositories", "sha256"].contains(name)
    }

    /// Skips what can't be opened; but a medium that fails is an error.
    private static func unlessUnreadable<Value>(
        _ body: () throws(ArchiveError) -> Value?
    ) throws(ArchiveError) -> Value? {
        do throws(ArchiveError) { return try body() } catch .stream(.system(let operation, EIO)) {
            throw .system(operation: operation, errno: EIO)
        } catch { return nil }
    }

    /// Adds an archive of images; returns false if the path isn't that of a file.
    private mutating func add(
        _ path: String,
        _ name: MemberPath,
        in folder: InputFile
    ) throws(ArchiveError) -> Bool {
        guard
            case .file(let size)? = try Self.unlessUnreadable({ () throws(ArchiveError) in
                try folder.entry(name.description)
            })
        else { return false }
        guard
            let file = try Self.unlessUnreadable({ () throws(ArchiveError) in
                try folder.open(relative: name)
            })
        else { return true }
        if try Self.isArchiveOfImages(FileRange(file, offset: 0, size: size)) {
            archives.append(path)
        }
        return true
    }

    /// Whether a file is an archive of images; another file, or a damaged archive, isn't one.
    ///
    /// - Throws: `ArchiveError` if the medium or the store fails.
    static func isArchiveOfImages(_ file: any ByteSource) throws(ArchiveError) -> Bool {
        do {
            return try hasImages(file)
        } catch StreamError.system(let operation, EIO) {
            throw .system(operation: operation, errno: EIO)
        } catch ArchiveError.stream(.system(let operation, EIO)) {
            throw .system(operation: operation, errno: EIO)
        } catch StreamError.store(let error) {
            throw .stream(.store(error))
        } catch ArchiveError.stream(.store(let error)) {
            throw .stream(.store(error))
        } catch {
            return false
        }
    }

    /// Whether a file's name is that of an archive, and not that of a layer.
    static func isArchive(_ path: MemberPath) -> Bool {
        let name = String(path.components.last ?? "")
        return path.namedDigest == nil && name != "layer.tar"
            && Recognition.suffixes.contains(where: name.lowercased().hasSuffix)
    }

    /// Whether one of the first members of an archive has a digest in its path, as in all archives of
    /// images; the first names of other archives don't.
    private static func hasImages(_ file: any ByteSource) throws -> Bool {
        let (head, all) = try file.sniffing()
        let format = StreamFormat(sniffing: head)
        guard format != .other else { return false }
        let reader = try ArchiveReader(tar: Beginning(try format.decompressing(all)))
        for _ in 0..<maximumMembers {
            guard let entry = try reader.nextEntry() else { return false }
            let names = MemberPath(MemberPath.withoutRoot(entry.name))?.components ?? []
            if names.contains(where: { MemberPath(String($0))?.namedDigest != nil }) { return true }
        }
        return false
    }

    private static let maximumMembers = 32
}

/// The first bytes of a stream.
private final class Beginning: ByteSource {
    private let source: any ByteSource
    private var rest = 8 << 20

    init(_ source: any ByteSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        let count = min(buffer.count, rest)
        guard count > 0 else { return 0 }
        rest -= count
        return unsafe try source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        )
    }
}
