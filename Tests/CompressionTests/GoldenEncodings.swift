// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The SHA-256 of what the compressor makes of each input: layers' digests stand on it.
///
/// A change here means that every user's layers get new digests once: `ChunkEncoder.gzipVersion`
/// must change with it. The test `goldenEncodings()` prints the whole table when it differs: paste it
/// here, sorted as it is.
enum GoldenEncodings {
    static let digests: [String: String] = [
        "gzip-1 empty": "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
        "gzip-1 exactChunk": "22c40a76d37961acd5998310b19f2f31687830787909f737bc51991463603b99",
        "gzip-1 noise": "f8202ca7be94db85ce1e25ddf0f7ebf194e38b9438a0ac93aad511b7b133a2d4",
        "gzip-1 oneByte": "9815d26fccc3ba164cdc9b6683aeb7b73223cd561b93455b6f0621eac2e942f7",
        "gzip-1 sparse": "e71d05ca78dfeb3fed8ca1be4578b6d47076f6703b89aacf7a2dbdd1ba4c91bb",
        "gzip-1 text": "bf5d01c05a0c0886325af8e824f6aa65f7fcc8f19535c66e6c82147b4d1c3824",
        "gzip-1 zeros": "7e311e9c4f01083f06962d5b390e8e8f9999b4f0fcedec5f502cbdcf2f93e4d3",
        "gzip-2 empty": "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
        "gzip-2 exactChunk": "71345f58b359649051fb3f0d8844c93f2bd1c70c4d06633f212a3ff1844f4782",
        "gzip-2 noise": "f8202ca7be94db85ce1e25ddf0f7ebf194e38b9438a0ac93aad511b7b133a2d4",
        "gzip-2 oneByte": "9815d26fccc3ba164cdc9b6683aeb7b73223cd561b93455b6f0621eac2e942f7",
        "gzip-2 sparse": "5b7fa0d78254daddc442f2a6527e982f4acb449c5eb28ca3678674123b2d430f",
        "gzip-2 text": "38947c4093aa03e7e9ab39a287c4026feed7ff612b06990bd9af47a8f7bf788a",
        "gzip-2 zeros": "3f26a9bcd8a0bb0b8731c5ff8d230f3f399dc1e22795d55034fa2b1720e8b1aa",
        "gzip-3 empty": "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
        "gzip-3 exactChunk": "7e09afb94f615a01e425c3b979d267ece791dc42c28ae3a749a81f5fa4afcc53",
        "gzip-3 noise": "f8202ca7be94db85ce1e25ddf0f7ebf194e38b9438a0ac93aad511b7b133a2d4",
        "gzip-3 oneByte": "9815d26fccc3ba164cdc9b6683aeb7b73223cd561b93455b6f0621eac2e942f7",
        "gzip-3 sparse": "5b7fa0d78254daddc442f2a6527e982f4acb449c5eb28ca3678674123b2d430f",
        "gzip-3 text": "78e873c3d3992b234d6e4336c5b43a4bd7d00b41e0caf15946221d38b0de28f6",
        "gzip-3 zeros": "3f26a9bcd8a0bb0b8731c5ff8d230f3f399dc1e22795d55034fa2b1720e8b1aa",
    ]
}
