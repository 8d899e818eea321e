// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel
internal import Store
internal import Streams

/// Brings the programs that index.json names to their places.
///
/// A new program is first stored completely in the folder of regstatic's own state, and moves to its
/// place after index.json. If the run is killed in between, the next run finds the program there,
/// because it doesn't have the file that the user named.
struct ProgramWriter {
    private let store: BlobStore
    private var moves: [(from: String, to: String)] = []
    /// What this run has stored.
    private var new: [String] = []

    init(_ store: BlobStore) { self.store = store }

    private static let folder = "\(BlobStore.state)/program"

    /// The number of programs that `publish` will move.
    var count: Int { moves.count }

    /// Stores the programs that aren't in their places yet.
    ///
    /// A program that is in none of the places stays missing; `verify` reports it.
    mutating func stage(_ programs: SitePrograms, from files: [ProgramFile]) throws {
        let folder = store.folder
        for machine in programs.machines {
            let path = SitePrograms.path(machine)
            guard let digest = programs[machine], try folder.digest(of: path) != digest else {
                continue
            }
            let kept = Self.keptPath(machine)
            if try folder.digest(of: kept) != digest {
                guard let file = files.first(where: { $0.digest == digest }) else { continue }
                try store.checkRoom([file.size])
                try folder.makeFolders(Self.folder)
                new.append(kept)
                try store.move(try file.stage(in: store), to: kept)
            }
            try folder.makeFolders(SitePrograms.folder)
            moves.append((kept, path))
        }
    }

    /// Moves the programs to their places, and returns their number.
    mutating func publish() throws(FileError) -> Int {
        for (from, to) in moves { try store.folder.move(from, to: to) }
        defer { moves = [] }
        return moves.count
    }

    /// Removes what this run has stored, because the run failed before index.json had its place.
    func discard() throws(FileError) { _ = try store.folder.remove(present: new) }

    /// Removes what this run or an earlier one has stored and no version of the site needs.
    static func clear(_ store: BlobStore) {
        _ = try? store.folder.remove(present: Machine.allCases.map(keptPath))
        store.folder.removeFolder(folder)
    }

    private static func keptPath(_ machine: Machine) -> String {
        "\(folder)/\(machine.programName)"
    }
}

extension SiteFolder {
    /// Refuses new programs if a file that regstatic didn't write is in the place of one, or in the
    /// place of their guide.
    ///
    /// - Throws: `ProgramRefusal.occupied`, `FileError`.
    func checkPlaces(of programs: [ProgramFile]) throws {
        let folder = store.folder
        for program in programs where index.programs[program.machine] == nil {
            let path = SitePrograms.path(program.machine)
            guard try folder.status(path) == nil || folder.digest(of: path) == program.digest
            else { throw ProgramRefusal.occupied(folder.absolute(path)) }
        }
        guard !programs.isEmpty, index.programs.isEmpty,
            try folder.status(SitePrograms.guide) != nil
        else { return }
        let mark = Array((SitePrograms.guideMark + "\n").utf8)
        guard try folder.reader(SitePrograms.guide)?.start(limit: mark.count) == mark else {
            throw ProgramRefusal.occupied(folder.absolute(SitePrograms.guide))
        }
    }
}
