// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Streams

/// What the installed nginx can do, by the line that `nginx -v` prints.
struct NginxVersion {
    private var numbers: [Int]?

    /// Asks the program.
    init(of nginx: Executable) throws(FileError) {
        var line = ""
        _ = try nginx.run(["-v"]) { line += $0 }
        self.init(line)
    }

    /// Reads `nginx version: nginx/1.18.0`.
    init(_ line: String) {
        numbers = line.split(separator: " nginx/").dropFirst().first?
            .prefix { $0.isNumber || $0 == "." }
            .split(separator: ".").compactMap { Int($0) }
    }

    /// The arguments that keep nginx from opening a log file before it has read its configuration.
    ///
    /// nginx has them since 1.19.5. Before, it tells users who may not write the file about it, and goes
    /// on.
    var earlyLog: [String] {
        let isOld = numbers?.lexicographicallyPrecedes([1, 19, 5]) == true
        return isOld ? [] : ["-e", "stderr"]
    }
}
