// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

private let zeros = String(repeating: "0", count: 64)
private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

@Suite struct DigestTests {
    @Test func readsAndWritesTheSameText() throws {
        let digest = try #require(Digest("sha256:" + abc))
        #expect(digest.description == "sha256:" + abc)
        #expect(digest.hex == abc)
        #expect(Digest(hex: abc) == digest)
    }

    @Test(arguments: [
        "", "sha256:", "sha256", abc, "sha256:\(abc.uppercased())", "SHA256:\(abc)",
        "Sha256:\(abc)", "sha256:\(abc.dropLast())", "sha256:\(abc)0", "sha256:\(abc.dropLast())g",
        "sha256:\(abc.dropLast())é", " sha256:\(abc)", "sha256:\(abc)\n",
        "sha256: \(abc.dropLast())",
        "sha512:\(abc)\(abc)", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:\u{301}\(abc)",
        "sha256::\(abc.dropLast())", "sha256:0x\(abc.dropLast(2))",
    ])
    func refuses(_ text: String) { #expect(Digest(text) == nil) }

    @Test(arguments: ["", abc.uppercased(), String(abc.dropLast()), abc + "0", "sha256:" + abc])
    func refusesHex(_ text: String) { #expect(Digest(hex: text) == nil) }

    @Test(arguments: [0, 1, 31, 33, 64])
    func refusesOtherCountsOfBytes(_ count: Int) {
        #expect(Digest(bytes: [UInt8](repeating: 7, count: count)) == nil)
    }

    @Test func bytesAreBigEndian() {
        #expect(Digest(bytes: Array(UInt8(0)..<32))?.hex.hasPrefix("000102030405") == true)
        #expect(Digest(bytes: Array(UInt8(0)..<32))?.hex.hasSuffix("1c1d1e1f") == true)
    }

    @Test func orderIsThatOfTheText() throws {
        let texts = (0..<64)
            .map { position in
                String(zeros.prefix(position)) + "f" + zeros.dropFirst(position + 1)
            }
        let all = try (texts + [zeros, abc]).map { try #require(Digest(hex: $0)) }
        #expect(all.sorted().map(\.hex) == (texts + [zeros, abc]).sorted())
        #expect(!(all[0] < all[0]))
    }

    /// FIPS 180-4's examples, and lengths around the ends of blocks.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", abc),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func hashes(_ text: String, _ hex: String) {
        #expect(Digest(of: Array(text.utf8)).hex == hex)
    }

    @Test(arguments: [1, 7, 63, 64, 65, 1000])
    func hashDoesNotDependOnThePieces(_ size: Int) {
        let bytes = Array(repeating: UInt8(ascii: "x"), count: 4096)
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { hash.update($0) }
        }
        #expect(hash.finish() == Digest(of: bytes))
    }
}
