// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing
import TestSupport

@Suite struct SizeTests {
    @Test func filesAreShort() throws {
        for file in try House.swift.get() {
            #expect(file.lines.count <= 301, "\(file.path): \(file.lines.count) lines")
        }
    }

    @Test func functionsAreShort() throws {
        let functions = try House.swift.get().flatMap(\.functions)
        for function in functions where function.lines > 60 {
            Issue.record("\(function.place): \(function.lines) lines")
        }
    }

    @Test func mostFunctionsAreVeryShort() throws {
        let lengths = try House.sources.get().flatMap(\.functions).map(\.lines).sorted()
        try #require(lengths.count > 100)
        #expect(lengths[lengths.count / 2] <= 10)
    }

    /// A server's configuration stays something that a person reads.
    @Test(arguments: ["apache", "caddy", "lighttpd", "nginx", "python"])
    func serverFoldersAreSmall(_ server: String) throws {
        let files = try Tree.snapshot("\(House.root)/servers/\(server)")
        let sizes = files.values.map { if case .file(let bytes, _) = $0 { bytes.count } else { 0 } }
        #expect((1...32 << 10).contains(sizes.reduce(0, +)))
    }

    /// The measure itself: if it counted nothing, the tests above would say nothing.
    @Test func functionsAreMeasured() {
        let text = """
            struct A {
                func one() { two() }
                private static func three(
                    _ a: Int
                ) -> Int {
                    a
                }
                init() {
                    if true {
                    }
                }
                var four: Int {
                    4
                }
            }
            protocol B {
                func none()
                var no: Int { get }
            }
            func split()
                -> Int
            {
                5
            }
            """
        let functions = House.File(path: "a/B.swift", text: text).functions
        #expect(functions.map(\.lines) == [1, 5, 4, 3, 5])
        #expect(functions.map(\.place).first == "a/B.swift:2")
    }
}
