// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The SHA-256 of what the compressor makes of each input: layers' digests stand on it.
///
/// A change here means that every user's layers get new digests once: `EncoderVersion.gzip`
/// must change with it. The test `goldenEncodings()` prints the whole table when it differs: paste it
/// here, sorted as it is.
enum GoldenEncodings {
    static let digests: [String: String] = [
        "gzip-1 empty": "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
        "gzip-1 exactChunk": "6e3d7e86d7a88c4bebf3867bea4591ab3d89a7829c0cd5b89ab745c278057d31",
        "gzip-1 islands": "ea972dd0b8ebd075c38c49aff22b700c0418505b8adec1241a9f6b482f4465ec",
        "gzip-1 noise": "8c36fcd3d1efcc4abd89424f636826e638a42e5ffd11374d8ea9b68db1eda3bb",
        "gzip-1 oneByte": "9815d26fccc3ba164cdc9b6683aeb7b73223cd561b93455b6f0621eac2e942f7",
        "gzip-1 records": "445be83e8a8db4ff13bb2183a57e77b11f45d9e0f8bbc21a7fc1aa31dbf60d8a",
        "gzip-1 sparse": "8cf91bc31b05241fe181defc88d3468cf1c98d758ee1ea146933cd33c170b6c3",
        "gzip-1 text": "cf5482b0be13d12ddc49dad0ed3378a801b2500c803eb7247a0991bd372ceff5",
        "gzip-1 zeros": "e069d0aafaffc7b854a1684b406997dc783f33a73b23aa60bcc66471c55162ef",
        "gzip-2 empty": "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
        "gzip-2 exactChunk": "b491908aef8030588f4003320d95114e1e8c040606840d22a49701c04dfc6ad9",
        "gzip-2 islands": "cc1260d732f96582793ae0a0ac04bb175122345711c97cc318c3ff824341ad40",
        "gzip-2 noise": "8c36fcd3d1efcc4abd89424f636826e638a42e5ffd11374d8ea9b68db1eda3bb",
        "gzip-2 oneByte": "9815d26fccc3ba164cdc9b6683aeb7b73223cd561b93455b6f0621eac2e942f7",
        "gzip-2 records": "4ccfcfb7a7287bdf43fd88ae7ef484960d11462008bcec25d4b2c7c90b10706b",
        "gzip-2 sparse": "5b7fa0d78254daddc442f2a6527e982f4acb449c5eb28ca3678674123b2d430f",
        "gzip-2 text": "c583e16e68dce1e40c78e4c3529ddf01e68be843bf5b440d088c14ae84355e53",
        "gzip-2 zeros": "3f26a9bcd8a0bb0b8731c5ff8d230f3f399dc1e22795d55034fa2b1720e8b1aa",
        "gzip-3 empty": "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
        "gzip-3 exactChunk": "5de669c46559562c3f28337be5203bf85cbde2d97f8350db9e575aee10ccb4df",
        "gzip-3 islands": "4df1c6424694bc1295e7bd3eafd8525a80085b6c29449805d3f7c00a40c208ee",
        "gzip-3 noise": "8c36fcd3d1efcc4abd89424f636826e638a42e5ffd11374d8ea9b68db1eda3bb",
        "gzip-3 oneByte": "9815d26fccc3ba164cdc9b6683aeb7b73223cd561b93455b6f0621eac2e942f7",
        "gzip-3 records": "1ce712af72b9106b9522390e396b7f2c84433fbc8af4c7ec9507b6c5e92bc8b5",
        "gzip-3 sparse": "5b7fa0d78254daddc442f2a6527e982f4acb449c5eb28ca3678674123b2d430f",
        "gzip-3 text": "ab6f116fdb1814c7f2fc4d47871c5822314fe27d4261511b15e3ba2edbb5c6c1",
        "gzip-3 zeros": "3f26a9bcd8a0bb0b8731c5ff8d230f3f399dc1e22795d55034fa2b1720e8b1aa",
    ]
}
