// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Glibc

/// Options that several commands have.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as one JSON document (see docs/json.md).")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors and requested output.")
    var quiet = false

    var console: Console {
        var console = Console()
        console.isQuiet = quiet
        console.isJSON = json
        return console
    }
}

struct ThreadOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Number of worker threads. The result doesn't depend on it."
    )
    var jobs: Int = min(256, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs takes 1 to 256.") }
    }
}
