// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Tests call the C library a lot: they are held to all but memory safety's annotations.
let strictTests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A module of ours, with the house's settings.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The configuration files of a web server, compiled into the binary.
func template(_ server: String, in folder: String, _ files: [String]) -> Target {
    .target(
        name: "\(server)Template",
        path: folder,
        resources: files.map { .embedInCode($0) }
    )
}

func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["TestSupport"],
        swiftSettings: strictTests
    )
}

/// The folder of the static program's libraries, if this is what `make static` builds.
let staticLibraries = Context.environment["REGSTATIC_STATIC"]

/// Settings for C that differs in the static program.
let staticSettings: [CSetting] =
    staticLibraries.map { [.define("REGSTATIC_STATIC"), .unsafeFlags(["-I\($0)/include"])] } ?? []

let parser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "regstatic",
    products: [.executable(name: "regstatic", targets: ["regstatic"])],
    dependencies: [
        // Exact: the same source gives the same program, help and manual.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        library("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        module("OCI", ["CCrypto"]),
        library("CISAL", pkgConfig: "libisal", apt: "libisal-dev"),
        library("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
        module("Streams", ["CISAL", "CZstd"]),
        module("Archive", ["CArchive", "CLinux", "Streams"]),
        // Optimised in debug builds too: the tests compress.
        .target(
            name: "CDeflate",
            cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]
        ),
        .target(name: "CLinux"),
        .target(name: "CStatic", cSettings: staticSettings),
        module("Compression", ["CDeflate", "CISAL", "CZstd", "OCI", "Streams"]),
        // Optimised in debug builds too: the tests compare large files.
        .target(
            name: "CPatch",
            cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]
        ),
        module("Patches", ["CPatch", "CZstd", "Compression", "OCI", "Streams"]),
        module("Store", ["CLinux", "OCI", "Streams"]),
        module("Certificates", ["CCrypto", "OCI", "Store", "Streams"]),
        module("Signatures", ["CCrypto", "Store", "Streams"]),
        module("SiteModel", ["OCI", "Streams"]),
        module(
            "Inputs",
            ["Archive", "Compression", "OCI", "Signatures", "SiteModel", "Store", "Streams"]
        ),
        template(
            "Installer",
            in: "installer",
            [
                "containerd.sh", "docker.sh", "files.sh", "head.sh", "main.sh", "merge.sh",
                "podman.sh", "rancher.sh", "services.sh", "system.sh",
            ]
        ),
        module("ClientKit", ["InstallerTemplate", "OCI", "SiteModel"]),
        module(
            "Site",
            [
                "Archive", "Certificates", "Compression", "Inputs", "OCI", "Signatures",
                "SiteModel",
                "Store", "Streams",
            ]
        ),
        module("BundleModel", ["OCI", "SiteModel", "Streams"]),
        module(
            "Bundles",
            [
                "Archive", "BundleModel", "Compression", "Inputs", "OCI", "Patches", "Site",
                "SiteModel", "Store", "Streams",
            ]
        ),
        template(
            "Apache",
            in: "servers/apache",
            [
                "htaccess", "http.conf", "https.conf", "modules.conf", "no-referrers.oci-index",
                "registry.conf", "unsupported.json", "vhost.conf",
            ]
        ),
        template(
            "Caddy",
            in: "servers/caddy",
            ["http.Caddyfile", "https.Caddyfile", "registry.caddy"]
        ),
        template(
            "Lighttpd",
            in: "servers/lighttpd",
            ["http.conf", "https.conf", "registry.conf", "registry.lua"]
        ),
        template(
            "Nginx",
            in: "nginx",
            ["answers.conf", "http.conf", "https.conf", "maps.conf", "plain.conf", "portable.conf"]
        ),
        template("Python", in: "servers/python", ["serve.py"]),
        module(
            "Servers",
            [
                "ApacheTemplate", "CaddyTemplate", "LighttpdTemplate", "NginxTemplate", "OCI",
                "PythonTemplate", "SiteModel",
            ]
        ),
        .target(
            name: "SiteTemplate",
            path: "site-template",
            exclude: ["README.md"],
            resources: [
                "foot.html", "front.html", "head.html", "image.html", "pager.html",
                "repository.html",
                "script.js", "style.css",
            ]
            .map { .embedInCode($0) }
        ),
        module("Catalogue", ["ClientKit", "OCI", "SiteModel", "SiteTemplate"]),
        module("Publishing", ["ClientKit", "OCI", "SiteModel"]),
        // Loads libcurl where it is needed; its headers are those of libcurl4-openssl-dev.
        .target(
            name: "CCurl",
            cSettings: staticSettings,
            linkerSettings: (staticLibraries == nil ? ["dl"] : ["curl", "ssl", "crypto", "cares"])
                .map { .linkedLibrary($0) }
        ),
        module("HTTP", ["CCurl", "OCI"]),
        module("Doctor", ["HTTP", "OCI"]),
        module(
            "Commands",
            [
                "Archive", "BundleModel", "Bundles", "CLinux", "CStatic", "Catalogue",
                "Certificates",
                "ClientKit", "Compression", "Doctor", "HTTP", "Inputs", "OCI", "Publishing",
                "Servers", "Signatures", "Site", "SiteModel",
                "Store", "Streams",
                parser,
            ]
        ),
        .executableTarget(
            name: "regstatic",
            dependencies: ["CLinux", "CStatic", "Commands", parser],
            swiftSettings: strict
        ),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strictTests),
        .target(
            name: "SiteTestSupport",
            dependencies: [
                "CArchive", "ClientKit", "Compression", "Inputs", "OCI", "Site", "SiteModel",
                "Store", "Streams", "TestSupport",
            ],
            path: "Tests/SiteTestSupport",
            swiftSettings: strictTests
        ),
        tests(
            "InputsTests",
            [
                "Archive", "Compression", "Inputs", "OCI", "SiteModel", "SiteTestSupport", "Store",
                "Streams",
            ]
        ),
        tests(
            "SiteTests",
            [
                "Certificates", "ClientKit", "Compression", "Inputs", "OCI", "Servers", "Site",
                "SiteModel", "SiteTestSupport", "Store", "Streams",
            ]
        ),
        tests(
            "CatalogueTests",
            ["Catalogue", "ClientKit", "OCI", "Site", "SiteModel", "SiteTestSupport", "Store"]
        ),
        tests("ServersTests", ["OCI", "Servers", "Site", "SiteModel", "SiteTestSupport", "Store"]),
        tests(
            "PublishingTests",
            ["Compression", "OCI", "Publishing", "Site", "SiteModel", "SiteTestSupport", "Store"]
        ),
        tests(
            "CommandsTests",
            [
                "Archive", "Certificates", "ClientKit", "Commands", "HTTP", "Inputs", "OCI",
                "Publishing",
                "Site", "SiteModel", "SiteTestSupport", "Store", "Streams", "regstatic", parser,
            ]
        ),
        tests(
            "BundlesTests",
            [
                "Archive", "BundleModel", "Bundles", "Compression", "Inputs", "OCI", "Patches",
                "Site", "SiteModel", "SiteTestSupport", "Store", "Streams",
            ]
        ),
        tests("OCITests", ["OCI"]),
        tests("ArchiveTests", ["Archive", "Streams"]),
        tests("CompressionTests", ["Archive", "Compression", "OCI", "Streams"]),
        tests("PatchesTests", ["CZstd", "OCI", "Patches", "Streams"]),
        tests("CertificatesTests", ["Certificates", "Store", "Streams"]),
        tests("SignaturesTests", ["CCrypto", "Signatures", "Streams"]),
        tests(
            "ClientKitTests",
            ["Certificates", "ClientKit", "OCI", "SiteModel", "SiteTestSupport", "Store"]
        ),
        tests("StoreTests", ["CLinux", "OCI", "Store", "Streams"]),
        tests("DoctorTests", ["Doctor", "HTTP", "OCI"]),
        tests("HouseTests", []),
        tests("IntegrationTests", ["OCI"]),
    ]
)

// `make fuzz` links libFuzzer, which has the `main` of this program.
if Context.environment["REGSTATIC_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Archive", "CZstd", "Catalogue", "Compression", "OCI", "Patches", "Signatures",
                "Streams",
            ],
            path: "Fuzz/Targets",
            swiftSettings: strictTests
        )
    )
}

// `bench/deltas.py` measures patches alone.
if Context.environment["REGSTATIC_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "patch-tool",
            dependencies: ["OCI", "Patches", "Streams"],
            path: "bench/patch-tool",
            swiftSettings: strictTests
        )
    )
}

// `make sanitize SHORT=1` only builds the modules with C, unsafe code or threads, and their tests.
if Context.environment["REGSTATIC_TESTS"] == "low-level" {
    let lowLevel: Set = [
        "Archive", "ArchiveTests", "CArchive", "CCrypto", "CDeflate", "CISAL", "CLinux", "CPatch",
        "CZstd", "Certificates", "CertificatesTests", "Compression", "CompressionTests", "OCI",
        "Patches", "PatchesTests", "Signatures", "SignaturesTests", "Store", "StoreTests",
        "Streams", "TestSupport",
    ]
    package.products = []
    package.targets.removeAll { !lowLevel.contains($0.name) }
}
