// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive

/// Images of an input that were not read, because the input has images of another kind.
package enum UnreadPart: Hashable, Sendable {
    /// Archives in a folder, by their paths in it.
    case archives([String])
    /// Folders with OCI layouts beside a registry's data, by their paths in the input.
    case layouts([String])
    /// A registry's data beside saved images, by its path in the input.
    case registry(String)

    /// The part that is not an input of the run itself; nil if nothing is left.
    func besides(_ inputs: [String], in input: String) -> UnreadPart? {
        let known = Set(inputs.compactMap { FileIdentity(path: $0) })
        let isInput: (String) -> Bool = { path in
            // A folder above the part is an input that has the part, too.
            let ends = path.indices.filter { path[$0] == "/" } + [path.endIndex]
            return ends.contains { end in
                FileIdentity(path: "\(input)/\(path[..<end])").map(known.contains) == true
            }
        }
        switch self {
        case .archives(let paths):
            let rest = paths.filter { !isInput($0) }
            return rest.isEmpty ? nil : .archives(rest)
        case .layouts(let paths):
            let rest = paths.filter { !isInput($0) }
            return rest.isEmpty ? nil : .layouts(rest)
        case .registry(let path): return isInput(path) ? nil : self
        }
    }
}
