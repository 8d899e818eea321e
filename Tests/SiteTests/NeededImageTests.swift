// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

@Suite struct NeededImageTests {
    private let contents: SiteContents
    private let digest: Digest

    /// Images of docker.io, ghcr.io and of no registry.
    init() throws {
        let folder = try TemporaryFolder()
        let names = ["library/nginx:1", "ghcr.io/team/app:1", "ghcr.io/team/app:2"]
        let hub = try folder.write(
            "hub.tar",
            TarBuilder.tar(SyntheticImage.small.dockerArchive(names))
        )
        let site = try BuiltSite()
        try site.build([hub])
        let folderOfSite = try SiteFolder.forReading(site.path)
        contents = SiteContents(folderOfSite.index, try folderOfSite.graph())
        digest = try #require(contents.index.entries.first).manifest.digest
    }

    private func verdict(_ text: String) throws -> NeededImage.Verdict {
        NeededImage(try #require(Reference(text)), in: contents).verdict
    }

    @Test(arguments: [
        "nginx:1", "docker.io/library/nginx:1", "docker.io/nginx:1", "index.docker.io/nginx:1",
        "ghcr.io/team/app:2",
    ])
    func served(_ name: String) throws { #expect(try verdict(name) == .served) }

    /// Two registries share the names of the site, so clients get this image for both.
    @Test func nameOfAnotherRegistry() throws { #expect(try verdict("ghcr.io/nginx:1") == .served) }

    @Test func digests() throws {
        #expect(try verdict("ghcr.io/team/app@\(digest)") == .served)
        // Clients ask for the digest, whatever the tag is.
        #expect(try verdict("ghcr.io/team/app:9@\(digest)") == .served)
        let other = Digest(of: Array("other".utf8))
        let tags = [Tag("1"), Tag("2")].compactMap(\.self)
        let name = try #require(RepositoryName("team/app"))
        #expect(try verdict("ghcr.io/team/app:1@\(other)") == .otherVersions(name, tags))
    }

    @Test func latestIsTheDefault() throws {
        let name = try #require(RepositoryName("nginx"))
        #expect(try verdict("nginx") == .otherVersions(name, [try #require(Tag("1"))]))
        let image = NeededImage(try #require(Reference("nginx")), in: contents)
        #expect(image.reference.description == "docker.io/library/nginx:latest")
    }

    /// Clients would ask registries of which the site is no mirror.
    @Test(arguments: [
        ("quay.io/team/app:1", "team/app:1"), ("registry.corp:5000/nginx:1", "nginx:1"),
    ])
    func elsewhere(_ name: String, _ own: String) throws {
        #expect(try verdict(name) == .elsewhere(own))
    }

    @Test(arguments: ["registry.k8s.io/pause:3.9", "other:1"])
    func absent(_ name: String) throws {
        #expect(try verdict(name) == .absent)
    }

    @Test func ownAddress() throws {
        var contents = contents
        contents.index.kit.address = try RegistryAddress(RegistryHost("reg.ship:6443"), .http)
        let reference = try #require(Reference("reg.ship:6443/team/app:1"))
        #expect(NeededImage(reference, in: contents).verdict == .served)
    }

    /// With `--keep-host` and `--prefix`, the names in the site are other ones.
    @Test func namesWithPrefix() throws {
        let folder = try TemporaryFolder()
        let archive = SyntheticImage.small.dockerArchive(["ghcr.io/team/app:1"])
        let path = try folder.write("app.tar", TarBuilder.tar(archive))
        let site = try BuiltSite()
        let prefix = RepositoryName("mirror")
        try site.build([path]) { $0.names = NamePolicy(keepHost: true, prefix: prefix) }
        let reader = try SiteFolder.forReading(site.path)
        let contents = SiteContents(reader.index, try reader.graph())
        let needed = { (name: String) in
            NeededImage(try #require(Reference(name)), in: contents).verdict
        }
        #expect(try needed("ghcr.io/team/app:1") == .served)
        #expect(try needed("docker.io/team/app:1") == .absent)
    }
}
