// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Servers
import Site
import SiteModel
import SiteTestSupport
import Store
import TestSupport
import Testing

/// Files that a server writes as root: nobody else may prepare their places.
@Suite struct OwnFilesTests {
    /// In a folder that everyone can write to, a link with a known name leads root to any file.
    @Test(arguments: SiteLayout.allCases)
    func noneHasAKnownNameInTmp(_ layout: SiteLayout) throws {
        let site = try BuiltSite()
        try site.build([Fixture.path("docker20-one.tar")], layout: layout)
        let folder = try SiteFolder.forReading(site.path)
        let contents = SiteContents(folder.index, try folder.graph())
        let files = Servers().files(for: contents, SitePlan(contents))
        #expect(Set(files.map { $0.path.split(separator: "/")[1] }).count == 5)
        for file in files {
            for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n") {
                let isComment = line.drop { $0 == " " || $0 == "\t" }.hasPrefix("#")
                // lighttpd makes random names there.
                guard !isComment, line != #"server.upload-dirs = ( "/tmp" )"# else { continue }
                #expect(
                    !line.contains("/tmp") && !line.contains("/dev/shm"),
                    "\(file.path): \(line)"
                )
            }
        }
    }

    /// `serve` has a folder of its own for them, because any user can start it.
    @Test(arguments: SiteLayout.allCases, [false, true])
    func serveHasAFolderOfItsOwn(_ layout: SiteLayout, _ isSecure: Bool) {
        let certificate = isSecure ? (file: "/a/registry.crt", key: "/a/registry.key") : nil
        let serving = NginxServing(
            listen: "127.0.0.1:5000",
            temporary: "/own",
            certificate: certificate
        )
        let text = serving.files(layout).map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        let written = text.split(separator: "\n")
            .filter { line in
                let words = line.split(separator: " ")
                return words.first == "pid" || words.first?.hasSuffix("_temp_path") == true
            }
        #expect(written.count == 6)
        for line in written { #expect(line.contains(" /own/nginx"), "\(line)") }
    }
}
