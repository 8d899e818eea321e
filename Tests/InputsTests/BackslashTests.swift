// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Archive
import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

@Suite struct BackslashTests {
    /// Docker on Windows wrote `Layers` with backslashes.
    @Test(arguments: [false, true]) func backslashes(_ throughPipe: Bool) throws {
        let image = SyntheticImage.small
        let config = "c/\(image.configDigest.hex).json"
        let layers = image.diffIDs.map { "\($0.hex)/layer.tar" }
        let files = zip(layers, image.layers).map { TarMember.file($0, $1) }
        let entry = SyntheticImage.entry(
            config: config.replacing("/", with: "\\"),
            tags: ["app:1"],
            layers: layers.map { $0.replacing("/", with: "\\") }
        )
        let members = files + [.file(config, image.config), SyntheticImage.list([entry])]
        let reading = try Reading(members, throughPipe: throughPipe)
        #expect(try reading.description == Reading(image.dockerArchive()).description)
        // A backslash may also be a part of a name.
        let odd = files.map { file in file.with { $0.name = $0.name.replacing("/", with: "\\") } }
        let same = try Reading(
            odd + [.file(config, image.config), SyntheticImage.list([entry])],
            throughPipe: throughPipe
        )
        #expect(try same.description == reading.description)
        let outside = SyntheticImage.entry(config: config, tags: nil, layers: ["..\\x", "a"])
        try expectFaults(
            [.file(config, image.config), SyntheticImage.list([outside])],
            .member(.invalidPath("../x"), neededBy: "manifest.json")
        )
    }
}
