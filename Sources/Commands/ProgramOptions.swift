// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Site
internal import SiteModel

/// Options for the programs on a site's medium; the site stores which it has.
struct ProgramOptions: ParsableArguments {
    @Flag(
        help: """
            Put this program and a README.txt beside the images, for people who can't install \
            regstatic. Only a static program runs on any Linux.
            """
    )
    var withProgram = false

    @Option(
        help: ArgumentHelp(
            """
            The same with the program in this file, for example for arm64. It replaces a program for \
            the same kind of machine. Repeatable.
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var program: [String] = []

    @Flag(help: "Remove all programs and the README.txt from the site.")
    var withoutProgram = false

    /// Whether the user wants a change, for which a build needs no input.
    var isGiven: Bool { withProgram || !program.isEmpty || withoutProgram }

    func validate() throws {
        guard !withoutProgram || !withProgram && program.isEmpty else {
            throw ValidationError("--without-program excludes --with-program and --program.")
        }
        guard !program.contains("") else { throw ValidationError("--program takes a file.") }
    }

    /// Reads and checks the programs.
    ///
    /// - Throws: `ProgramRefusal`, `FileError`.
    func change() throws -> ProgramChange {
        guard !withoutProgram else { return .removeAll }
        var paths = program
        if withProgram { paths.insert(ProgramFile.running, at: 0) }
        var files: [Machine: (path: String, file: ProgramFile)] = [:]
        for path in paths {
            let file = try Self.file(path)
            // The same program twice is no contradiction.
            if let other = files[file.machine], other.file.digest != file.digest {
                throw ProgramRefusal.twice(file.machine, paths: [other.path, path])
            }
            files[file.machine] = (path, file)
        }
        guard !files.isEmpty else { return .keep }
        return .add(files.sorted { $0.key < $1.key }.map(\.value.file))
    }

    private static func file(_ path: String) throws -> ProgramFile {
        do { return try ProgramFile(path) } catch let fault as ProgramFault {
            throw path == ProgramFile.running
                ? ProgramRefusal.running(fault) : .fault(fault, path: path)
        }
    }
}
