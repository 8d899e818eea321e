// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

/// The files of a module depend on each other in one direction: a circle of files is one large file
/// that nobody can read on its own.
@Suite struct CircleTests {
    /// The manual is a command, and describes all commands.
    private static let allowed: Set<Set<String>> = [
        ["ManualCommand.swift", "RegstaticCommand.swift"]
    ]

    /// A file with the types that it declares and the names that it uses.
    private struct Node {
        let name: String
        let declared: Set<Substring>
        let used: Set<Substring>

        init(_ file: House.File) {
            name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            let code = file.lines
                .map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
            declared = Set(
                code.compactMap { line in
                    let match = line.wholeMatch(
                        of:
                            /(?:@safe )?(?:package |final |indirect )*(?:struct|enum|class|protocol) (\w+).*/
                    )
                    return match?.1
                }
            )
            used = Set(code.flatMap { $0.matches(of: /\b[A-Z]\w*/).map(\.output) })
        }
    }

    /// The groups of files that depend on each other in a circle.
    private static func circles(_ files: [House.File]) -> Set<Set<String>> {
        let nodes = files.map(Node.init)
        let homes = Dictionary(
            nodes.flatMap { node in node.declared.map { ($0, node.name) } },
            uniquingKeysWith: { first, _ in first }
        )
        var needs: [String: Set<String>] = [:]
        for node in nodes {
            needs[node.name] = Set(node.used.compactMap { homes[$0] }).subtracting([node.name])
        }
        let reached = needs.keys.reduce(into: [String: Set<String>]()) { reached, name in
            var waiting = Array(needs[name] ?? [])
            while let next = waiting.popLast() {
                guard reached[name, default: []].insert(next).inserted else { continue }
                waiting += needs[next] ?? []
            }
        }
        let circular = needs.keys.filter { reached[$0]?.contains($0) == true }
        return Set(
            circular.map { name in
                Set(
                    circular.filter {
                        reached[name]?.contains($0) == true
                            && reached[$0]?.contains(name) == true
                    }
                )
            }
        )
    }

    @Test func noModuleHasACircle() throws {
        for (module, files) in Dictionary(grouping: try House.sources.get(), by: \.module) {
            #expect(Self.circles(files).subtracting(Self.allowed) == [], "\(module)")
        }
    }

    /// The measure itself.
    @Test func circlesAreFound() {
        let files = [
            House.File(path: "Sources/M/A.swift", text: "struct A { let b: B }"),
            House.File(path: "Sources/M/B.swift", text: "package enum B { case a(C) }"),
            House.File(path: "Sources/M/C.swift", text: "// D\nstruct C { let a: [A] }"),
            House.File(path: "Sources/M/D.swift", text: "final class D { let a: A }"),
        ]
        #expect(Self.circles(files) == [["A.swift", "B.swift", "C.swift"]])
    }
}
