// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Foundation
import OCI
import TestSupport
import Testing

// What was signed in a registry before the trip is verified from the site after it.
extension Integration {
    @Suite(.serialized, .needs(.nginx, .curl, .openssl))
    struct SignatureTests {
        private let workspace: Workspace
        /// The manifest of cosign's bundle.
        private static let bundle =
            "sha256:fc942ba0e16365778f818b488300205aede14759d1fe009c37a3de7fc472177f"

        init() throws {
            workspace = try Workspace()
            try workspace.build([Fixture.signed])
        }

        /// A server that answers about referrers, and one that doesn't.
        private func servingBoth(_ body: (Endpoint, Comment) throws -> Void) throws {
            let nginx = try NginxServer(workspace, site: workspace["site"])
            defer { nginx.stop() }
            try body(nginx.endpoint, "with the referrers API")
            let without = try NginxServer(withoutReferrersInFrontOf: nginx.endpoint, workspace)
            defer { without.stop() }
            try body(without.endpoint, "without the referrers API")
        }

        /// Whether the signature that cosign keeps under a tag of its own was made with a key.
        private func isSigned(_ registry: HTTPClient, with key: String) throws -> Bool {
            let image = try registry.get("/v2/team/app/manifests/1.0").digest
            let tag = "\(image.replacing(":", with: "-")).sig"
            let manifest = try JSON(parsing: registry.get("/v2/team/app/manifests/\(tag)").body)
            let layer = try #require((manifest["layers"]?.array?.first).flatMap(Descriptor.init))
            let payload = try registry.get("/v2/team/app/blobs/\(layer.digest)").body
            let signed = try JSON(parsing: payload)["critical"]?["image"]
            #expect(signed?["docker-manifest-digest"]?.string == image)
            let text = try #require(layer.annotation("dev.cosignproject.cosign/signature"))
            let signature = try #require(Data(base64Encoded: text))
            let files = [
                try workspace.folder.write("signature", [UInt8](signature)),
                try workspace.folder.write("payload", payload),
            ]
            let check = ["openssl", "dgst", "-sha256", "-verify", key, "-signature"]
            return try workspace.start(check + files).wait().status == 0
        }

        @Test func aSignatureUnderATag() throws {
            try servingBoth { endpoint, which in
                let client = HTTPClient(workspace, endpoint)
                let isSigners = try isSigned(client, with: Fixture.signersKey)
                let isOthers = try isSigned(client, with: Fixture.othersKey)
                #expect(isSigners && !isOthers, which)
            }
        }

        @Test(arguments: Debian.trees.filter { $0.has(.cosign) })
        func cosign(_ debian: Debian) throws {
            try servingBoth { endpoint, which in
                for (name, options) in [("app", ["--new-bundle-format=false"]), ("tool", [])] {
                    let verify = ["cosign", "verify", "--insecure-ignore-tlog"] + options
                    let image = ["--allow-http-registry", "\(endpoint.host)/team/\(name):1.0"]
                    for (key, isRight) in [(Fixture.signersKey, true), (Fixture.othersKey, false)] {
                        let copy = try workspace.folder.write("key.pub", try Self.read(key))
                        let command = debian.command(verify + ["--key", copy] + image)
                        let status = try workspace.start(command).wait().status
                        #expect((status == 0) == isRight, "\(name), \(key), \(which)")
                    }
                }
            }
        }

        /// podman's and skopeo's policy that only signed images may be pulled.
        @Test(arguments: Debian.trees.filter { $0.has(.cosign) && $0.has(.skopeo) })
        func skopeo(_ debian: Debian) throws {
            try workspace.folder.write(
                "registries.d/default.yaml",
                "default-docker:\n  use-sigstore-attachments: true\n"
            )
            try servingBoth { endpoint, which in
                for (key, isRight) in [(Fixture.signersKey, true), (Fixture.othersKey, false)] {
                    let policy = try policy(demanding: key)
                    let image = "docker://\(endpoint.host)/team/app:1.0"
                    let copy = [
                        "skopeo", "--policy", policy, "--registries.d", workspace["registries.d"],
                        "copy", "-q", "--src-tls-verify=false", image,
                        "dir:\(workspace["copied"])",
                    ]
                    let status = try workspace.start(debian.command(copy)).wait().status
                    #expect((status == 0) == isRight, "\(key), \(which)")
                }
            }
        }

        /// Signatures name the registry where they were made, which isn't where the image is pulled.
        private func policy(demanding key: String) throws -> String {
            let copy = try workspace.folder.write("key.pub", try Self.read(key))
            let text = """
                {"default": [{
                    "type": "sigstoreSigned", "keyPath": "\(copy)",
                    "signedIdentity": {
                        "type": "exactRepository", "dockerRepository": "registry.corp:5000/team/app"
                    }
                }]}
                """
            return try workspace.folder.write("signed.json", text)
        }

        /// A tree of another release sees no more of the machine's files than `/tmp`.
        private static func read(_ path: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        }

        @Test(arguments: Debian.trees.filter { $0.has(.oras) })
        func oras(_ debian: Debian) throws {
            try servingBoth { endpoint, which in
                let image = "\(endpoint.host)/team/tool:1.0"
                let discover = ["oras", "discover", "--plain-http", "--format", "json", image]
                let answer = try workspace.start(debian.command(discover)).wait().succeeded()
                // cosign's own list says less of the signature than its manifest does: only the digest counts.
                let list = try JSON(parsing: answer.output)
                // oras 1.2 calls it manifests.
                let found = (list["referrers"] ?? list["manifests"])?.array?
                    .compactMap { $0["digest"]?.string }
                #expect(found == [Self.bundle], which)
            }
        }
    }
}
