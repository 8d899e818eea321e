// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import TestSupport

/// An archive as `docker save` writes it, large enough to be interrupted.
enum LargeArchive {
    static let repository = "big/app"
    static let tag = "1"

    /// Writes an archive of some layers of 12 MB: half of it noise, half of it text.
    ///
    /// - Returns: its path.
    static func write(_ workspace: Workspace, layers: Int = 5) throws -> String {
        let noise = Generator.noise(1 << 20)
        let text = Generator.text(1 << 20)
        let tars = (1...layers)
            .map { number in
                var content = Array("layer \(number)\n".utf8)
                for _ in 0..<6 { content += noise + text }
                return TarBuilder.tar([.file("data/\(number)", content)])
            }
        return try SavedImage(repository: repository, tag: tag, layers: tars)
            .write(workspace, to: "large.tar")
    }
}
