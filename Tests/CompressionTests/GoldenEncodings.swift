// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The SHA-256 of what the compressor makes of each input: layers' digests stand on it.
///
/// A change here means that every user's layers get new digests once: `EncoderVersion.gzip`
/// must change with it. The test `goldenEncodings()` prints the whole table when it differs: paste it
/// here, sorted as it is.
enum GoldenEncodings {
    static let digests: [String: String] = [
        "gzip-1 empty": "18cc39fce6d400d61490af9d0ee22138f8e8b0050ae6ef1ba78dc6ca38d611ca",
        "gzip-1 exactChunk": "6e9a187905ea272f61656b02bd230c01409e0e1bd7e5f28be11449d618a7b60b",
        "gzip-1 islands": "14e8ddcebb38c5f71ae9e5a339f9b33b38b8a592318d6bde815948de9ce0f482",
        "gzip-1 noise": "99ea27ad83794b636424ecd2f764828c4a42164eb8951f64cea143aba7d28261",
        "gzip-1 oneByte": "cb39acadcd22de333a7f9076592a0415112fd645b95ea2068075bc226b0bd0dd",
        "gzip-1 records": "fe66ec475331670922a7a3177675f786a0a968ffe440ba85b7ffcc5d8ee48776",
        "gzip-1 sparse": "b03c98a970d803e0d617b6c78287d9c621005777d9e4116d7fc0baf1d7ae5f88",
        "gzip-1 text": "099bfa9e9496947c8ec55aa85aeb48c17dff0b5f53754d7152f41179de20f711",
        "gzip-1 zeros": "2b89e6895d8d00012578e6cb874a4de0a0bfa9648b1330a88f5f27dd9651b0fb",
        "gzip-2 empty": "18cc39fce6d400d61490af9d0ee22138f8e8b0050ae6ef1ba78dc6ca38d611ca",
        "gzip-2 exactChunk": "8c7eade7a3fc4cae45d92390477d1d7ab2cb82e9feac8466152c06d768ac5ac4",
        "gzip-2 islands": "1ba6ba5cd9f086382a8681210a94f1fbf29b3b301aaa124ed816443d5fa78595",
        "gzip-2 noise": "99ea27ad83794b636424ecd2f764828c4a42164eb8951f64cea143aba7d28261",
        "gzip-2 oneByte": "cb39acadcd22de333a7f9076592a0415112fd645b95ea2068075bc226b0bd0dd",
        "gzip-2 records": "fe66ec475331670922a7a3177675f786a0a968ffe440ba85b7ffcc5d8ee48776",
        "gzip-2 sparse": "a4891913e34cb739d9459be441862cceb739ec2574c06d7404ad4c50e5150689",
        "gzip-2 text": "5303052e21e6cb584a4fdcc4cc34188e3e73feea5b3a58ed04f7002784a83ec8",
        "gzip-2 zeros": "81c8c6c9f483b6bd3621b897823bd4850c9f6f5defb9dc06a4b1704d0edd9921",
        "gzip-3 empty": "18cc39fce6d400d61490af9d0ee22138f8e8b0050ae6ef1ba78dc6ca38d611ca",
        "gzip-3 exactChunk": "1009ffd25aba7ea8889c3acf913489506e42790ecbadc1e300199c44e6aec1f2",
        "gzip-3 islands": "f2322dad9b117761703ad5e21c946f8517f7f7a3be7ea897a621f162b39388bc",
        "gzip-3 noise": "99ea27ad83794b636424ecd2f764828c4a42164eb8951f64cea143aba7d28261",
        "gzip-3 oneByte": "cb39acadcd22de333a7f9076592a0415112fd645b95ea2068075bc226b0bd0dd",
        "gzip-3 records": "ef68beda710f229aa025d777e2f9df9d3e2bb9597fe556bf625d1edbfdf392fa",
        "gzip-3 sparse": "a4891913e34cb739d9459be441862cceb739ec2574c06d7404ad4c50e5150689",
        "gzip-3 text": "64c305e1a9a70c0aecfdcdbc52d3c8ee46fa0820d30e51757339b98dcf01bb17",
        "gzip-3 zeros": "81c8c6c9f483b6bd3621b897823bd4850c9f6f5defb9dc06a4b1704d0edd9921",
    ]
}
