// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser
internal import Glibc

/// Options that several verbs have.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON document for machines.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors, and what was asked for.")
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
        help: "How many threads work. The result is the same for any number."
    )
    var jobs: Int = min(256, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs takes 1 to 256.") }
    }
}
