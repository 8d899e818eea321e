// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

private let digest = "sha256:" + String(repeating: "a", count: 64)

private func json(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

@Suite struct DescriptorTests {
    @Test func readsAllItsParts() throws {
        let text =
            #"{"mediaType":"a/b","digest":"\#(digest)","size":3,"platform":{"architecture":"arm","#
            + #""os":"linux","variant":"v7"},"artifactType":"c/d","annotations":{"x":"y"}}"#
        let descriptor = try #require(Descriptor(try json(text)))
        #expect(descriptor.mediaType.description == "a/b")
        #expect(descriptor.digest.description == digest)
        #expect(descriptor.size == 3)
        #expect(descriptor.platform?.description == "linux/arm/v7")
        #expect(descriptor.artifactType == "c/d")
        #expect(descriptor.annotation("x") == "y")
        #expect(descriptor.annotation("y") == nil)
        #expect(String(decoding: descriptor.json.canonicalBytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        #"{"digest":"D","size":1}"#, #"{"mediaType":"a/b","size":1}"#,
        #"{"mediaType":"a/b","digest":"D"}"#, #"{"mediaType":"a","digest":"D","size":1}"#,
        #"{"mediaType":"a/b","digest":"sha256:a","size":1}"#,
        #"{"mediaType":"a/b","digest":"D","size":-1}"#,
        #"{"mediaType":"a/b","digest":"D","size":1.5}"#,
        #"{"mediaType":"a/b","digest":"D","size":"1"}"#,
        #"{"mediaType":"a/b","digest":"D","size":9223372036854775808}"#,
        #"{"mediaType":null,"digest":"D","size":1}"#, "[]", "null", #""D""#,
    ])
    func refuses(_ text: String) throws {
        let text = text.split(separator: "D", omittingEmptySubsequences: false)
            .joined(separator: digest)
        #expect(Descriptor(try json(text)) == nil)
    }
}

@Suite struct PlatformTests {
    @Test(arguments: ["{}", #"{"os":"linux"}"#, #"{"os":"","architecture":"a"}"#, "null", "[]"])
    func needsSystemAndArchitecture(_ text: String) throws {
        #expect(Platform(try json(text)) == nil)
    }

    @Test func unknownIsNoPlatform() throws {
        #expect(
            Platform(try json(#"{"os":"unknown","architecture":"unknown"}"#))?.isUnknown == true
        )
        #expect(Platform(try json(#"{"os":"unknown","architecture":"arm"}"#))?.isUnknown == false)
    }

    @Test func order() {
        let all = ["s390x", "amd64", "arm"]
            .map {
                Platform(os: "linux", architecture: $0, variant: nil, osVersion: nil)
            }
        #expect(all.sorted().map(\.architecture) == ["amd64", "arm", "s390x"])
    }
}

@Suite struct ImageConfigTests {
    @Test func readsDiffIDsInOrder() throws {
        let other = "sha256:" + String(repeating: "b", count: 64)
        let config = try #require(
            ImageConfig(
                try json(
                    #"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","#
                        + #""diff_ids":["\#(other)","\#(digest)","\#(other)"]}}"#
                )
            )
        )
        #expect(config.diffIDs.map(\.description) == [other, digest, other])
        #expect(config.platform?.description == "linux/amd64")
    }

    @Test(arguments: [
        #"{"rootfs":{}}"#, #"{"rootfs":{"diff_ids":null}}"#, #"{"rootfs":{"diff_ids":[]}}"#,
    ])
    func anImageMayHaveNoLayers(_ text: String) throws {
        let config = try #require(ImageConfig(try json(text)))
        #expect(config.diffIDs.isEmpty)
        #expect(config.platform == nil)
    }

    @Test(arguments: [
        "{}", "null", #"{"rootfs":[]}"#, #"{"rootfs":null}"#, #"{"rootfs":{"diff_ids":{}}}"#,
        #"{"rootfs":{"diff_ids":["x"]}}"#, #"{"rootfs":{"diff_ids":[null]}}"#,
        #"{"rootfs":{"diff_ids":"a"}}"#,
    ])
    func refuses(_ text: String) throws { #expect(ImageConfig(try json(text)) == nil) }
}
