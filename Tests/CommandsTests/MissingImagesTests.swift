// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import TestSupport
import Testing

/// `list --missing`, as a user compares a site with what a cluster needs.
@Suite struct MissingImagesTests: SiteProgramSuite {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try build("docker20-many.tar")
    }

    @Test func nothingIsMissing() throws {
        let list = try folder.write("list", "zoo/hello:2\nregistry.corp:5000/team/app:1.0\n")
        let result = try run("list", site, "--missing", list)
        #expect(result.status == 0)
        #expect(result.text.isEmpty)
        #expect(result.errors == "\(site) has all of 2 images\n")
    }

    /// The commands get tags by `docker save`, and digests by a tool that keeps them.
    @Test func commands() throws {
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let list = try folder.write("list", "registry.k8s.io/pause:3.9\nquay.io/a/b@\(digest)\n")
        let chart = try folder.write("chart.yaml", "- image: \"zoo/hello:9\"\n- image: {{ .x }}\n")
        let result = try run("list", site, "--missing", list, "--missing", chart)
        #expect(result.status == 1)
        let names = result.text.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(
            names == [
                "registry.k8s.io/pause:3.9", "quay.io/a/b@\(digest)", "docker.io/zoo/hello:9",
            ]
        )
        #expect(result.text.contains("the site has only zoo/hello:"))
        for line in [
            "warning: \(chart):2: no image name: - image: {{ .x }}\n",
            "\n  docker pull registry.k8s.io/pause:3.9\n",
            "\n  docker save -o missing.tar registry.k8s.io/pause:3.9 docker.io/zoo/hello:9\n",
            "\n  skopeo copy --all docker://quay.io/a/b@\(digest) oci:missing:quay.io/a/b@\(digest)\n",
            "\n  regstatic build missing.tar missing -o \(site)\n",
        ] {
            #expect(result.errors.contains(line), "\(line)")
        }
    }

    /// An image that the site has under another registry's name needs no fetching.
    @Test func otherRegistry() throws {
        let list = try folder.write("list", "quay.io/zoo/hello:2\n")
        let result = try run("list", site, "--missing", list)
        #expect(result.status == 1)
        #expect(result.text.contains("the site has zoo/hello:2, but isn't a mirror of quay.io"))
        #expect(!result.errors.contains("docker pull"))
    }

    /// The tag is there, but clients can't pull its image.
    @Test func lostManifest() throws {
        let list = try folder.write("list", "zoo/hello:2\n")
        let json = try JSON(parsing: Array(run("list", site, "--json").text.utf8))
        let image = json["images"]?.array?.first { $0["name"]?.string == "zoo/hello:2" }
        let digest = try #require(image?["digest"]?.string).dropFirst("sha256:".count)
        for path in try folder.snapshot().keys where path.contains(digest) {
            try folder.remove(path)
        }
        let result = try run("list", site, "--missing", list)
        #expect(result.status == 4)
        #expect(result.errors.contains("zoo/hello:2"))
    }

    @Test func pipe() throws {
        let script = "echo zoo/hello:2 | '\(ProgramTests.binary)' list '\(site)' --missing -"
        #expect(try Command.run("/bin/sh", ["-c", script]).status == 0)
    }

    @Test func fileWithoutNames() throws {
        let empty = try folder.write("empty", "# nothing\n")
        let result = try run("list", site, "--missing", empty)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: \(empty) names no image\n"))
        #expect(try run("list", site, "--missing", folder["absent"]).status == 4)
    }
}
