// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

/// Arrows between modules point one way; the list is the whole of them.
@Suite struct ArchitectureTests {
    private static let everything: Set<String> = [
        "Archive", "BundleModel", "Bundles", "Catalogue", "Certificates", "ClientKit",
        "Compression", "Doctor", "HTTP", "Inputs", "OCI", "Publishing", "Servers", "Signatures",
        "Site",
        "SiteModel", "Store",
        "Streams",
    ]

    static let arrows: [String: Set<String>] = [
        "OCI": ["CCrypto"],
        "Streams": ["CISAL", "CZstd"],
        "Archive": ["CArchive", "CLinux", "Streams"],
        "Compression": ["CDeflate", "CISAL", "CZstd", "OCI", "Streams"],
        "Patches": ["CPatch", "CZstd", "Compression", "OCI", "Streams"],
        "Store": ["CLinux", "OCI", "Streams"],
        "Certificates": ["CCrypto", "OCI", "Store", "Streams"],
        "Signatures": ["CCrypto", "Store", "Streams"],
        // Pure: it can't touch a disk, and neither can the three that render files from it.
        "SiteModel": ["OCI", "Streams"],
        "ClientKit": ["InstallerTemplate", "OCI", "SiteModel"],
        "Servers": [
            "ApacheTemplate", "CaddyTemplate", "LighttpdTemplate", "NginxTemplate", "OCI",
            "PythonTemplate", "SiteModel",
        ],
        "Catalogue": ["ClientKit", "OCI", "SiteModel", "SiteTemplate"],
        "Publishing": ["ClientKit", "OCI", "SiteModel"],
        "Inputs": [
            "Archive", "Compression", "OCI", "Signatures", "SiteModel", "Store", "Streams",
        ],
        "Site": [
            "Archive", "Certificates", "Compression", "Inputs", "OCI", "Signatures", "SiteModel",
            "Store", "Streams",
        ],
        // Pure, as SiteModel.
        "BundleModel": ["OCI", "SiteModel", "Streams"],
        "Bundles": [
            "Archive", "BundleModel", "Compression", "Inputs", "OCI", "Patches", "Site",
            "SiteModel",
            "Store", "Streams",
        ],
        "HTTP": ["CCurl", "OCI"],
        "Doctor": ["HTTP", "OCI"],
        "Commands": everything.union(["ArgumentParser", "CLinux", "CStatic"]),
        "regstatic": ["ArgumentParser", "CLinux", "CStatic", "Commands"],
    ]

    /// Modules of the system.
    ///
    /// Foundation is not one of them. ArgumentParser links FoundationEssentials already (3.4 of 18.5 MB),
    /// so the reason is not the size: our own code needs strict JSON, paths as bytes and no locale, and
    /// a start within 5 ms.
    private static let system: Set<String> = ["Glibc", "Synchronization"]

    private struct Import: CustomStringConvertible {
        let file: House.File
        let module: String

        var description: String { "\(file.path) imports \(module)" }
    }

    private static func imports() throws -> [Import] {
        try House.sources.get()
            .flatMap { file in
                file.lines.compactMap { line -> Import? in
                    guard let module = imported(by: line) else { return nil }
                    return Import(file: file, module: module)
                }
            }
    }

    /// The module that a line imports, whatever attributes and access stand before it.
    private static func imported(by line: Substring) -> String? {
        let words = line.split(separator: " ")
        let prefixes: Set<Substring> = ["package", "public", "internal", "private", "fileprivate"]
        let rest = words.drop { prefixes.contains($0) || $0.hasPrefix("@") }
        guard rest.first == "import" else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]
        return rest.dropFirst().drop { kinds.contains($0) }.first
            .map { name in
                String(name.prefix { $0 != "." })
            }
    }

    @Test(arguments: [
        ("import A", "A"), ("package import A", "A"), ("@testable import A", "A"),
        ("internal import struct A.B", "A"), ("@_implementationOnly private import A", "A"),
    ])
    func importsAreRecognised(_ line: String, _ module: String) {
        #expect(Self.imported(by: line[...]) == module)
        #expect(Self.imported(by: "// \(line)") == nil)
    }

    @Test func onlyAllowedArrows() throws {
        for arrow in try Self.imports() where !Self.system.contains(arrow.module) {
            let allowed = try #require(Self.arrows[arrow.file.module], "\(arrow.file.path)")
            #expect(allowed.contains(arrow.module), "\(arrow)")
        }
    }

    @Test func foundationIsNowhere() throws {
        for arrow in try Self.imports() {
            #expect(!arrow.module.hasPrefix("Foundation"), "\(arrow)")
        }
    }

    /// The plan and everything that is rendered from it are values: no system call, no store.
    @Test(arguments: [
        "SiteModel", "BundleModel", "ClientKit", "Servers", "Catalogue", "Publishing",
    ])
    func pureModulesCallNoSystem(_ module: String) throws {
        let imported = Set(try Self.imports().filter { $0.file.module == module }.map(\.module))
        try #require(!imported.isEmpty)
        #expect(imported.isDisjoint(with: ["Glibc", "CLinux", "Store", "Archive", "Site"]))
    }

    /// The clock, the environment and the number of processors are arguments everywhere else, so that
    /// the same call gives the same result on every machine.
    @Test(arguments: ["time(nil)", "clock_gettime", "getenv", "environ,", "environ)", "sysconf("])
    func onlyCommandsAskTheMachine(_ call: String) throws {
        for file in try House.sources.get() where file.module != "Commands" {
            for (index, line) in file.lines.enumerated() {
                let code = line.split(separator: "//", maxSplits: 1).first ?? ""
                #expect(!code.contains(call), "\(file.path):\(index + 1): \(call)")
            }
        }
    }

    @Test(
        arguments: [
            ("CArchive", ["Archive"]), ("CCrypto", ["Certificates", "OCI", "Signatures"]),
            ("CLinux", ["Archive", "Commands", "Store"]),
            ("CCurl", ["HTTP"]), ("CDeflate", ["Compression"]),
            ("CISAL", ["Compression", "Streams"]),
            ("CPatch", ["Patches"]), ("CZstd", ["Compression", "Patches", "Streams"]),
            ("ArgumentParser", ["Commands"]), ("CStatic", ["Commands"]),
        ] as [(String, Set<String>)]
    )
    func aLibraryHasFewImporters(_ library: String, _ modules: Set<String>) throws {
        let importers = Set(
            try Self.imports().filter { $0.module == library }.map(\.file.module)
        )
        #expect(importers.subtracting(["regstatic"]) == modules)
    }

    /// The list itself has no way back.
    @Test func arrowsMakeNoCircle() {
        var rest = Self.arrows
        while let leaf = rest.first(where: { $0.value.isDisjoint(with: rest.keys) }) {
            rest[leaf.key] = nil
        }
        #expect(rest.isEmpty)
    }

    /// What a list allows and nobody uses hides the next wrong arrow.
    @Test func everyModuleIsInTheList() throws {
        let modules = Set(try House.sources.get().map(\.module))
        #expect(modules == Set(Self.arrows.keys))
    }
}
