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
        // The texts of all cases of an error are one table: the compiler finds a case without a text.
        for function in functions where function.lines > 60 && !function.isErrorText {
            Issue.record("\(function.place): \(function.lines) lines")
        }
    }

    @Test func mostFunctionsAreVeryShort() throws {
        let lengths = try House.sources.get().flatMap(\.functions).map(\.lines).sorted()
        try #require(lengths.count > 100)
        #expect(lengths[lengths.count / 2] <= 10)
    }

    /// A server's configuration stays something that a person reads.
    @Test func serverFoldersAreSmall() throws {
        var sizes: [Substring: Int] = [:]
        for folder in ["nginx", "servers"] {
            for (path, entry) in try Tree.snapshot("\(House.root)/\(folder)") {
                guard case .file(let bytes, _) = entry else { continue }
                let server = folder == "nginx" ? "nginx" : path.prefix { $0 != "/" }
                sizes[server, default: 0] += bytes.count
            }
        }
        try #require(sizes.count >= 5)
        for (server, size) in sizes { #expect(size <= 32 << 10, "\(server)") }
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

extension Function {
    fileprivate var isErrorText: Bool {
        place.wholeMatch(of: #/Sources/Commands/\w+Text\.swift:\d+/#) != nil
    }
}
