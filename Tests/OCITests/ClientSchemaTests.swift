// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

/// Documents that Go's decoders refuse, and those that they accept.
@Suite struct ClientSchemaTests {
    @Test(arguments: [
        (#"{"annotations":[]}"#, "annotations"), (#"{"annotations":{"a":1}}"#, "annotations.a"),
        (#"{"schemaVersion":"2"}"#, "schemaVersion"), (#"{"schemaVersion":2.0}"#, "schemaVersion"),
        (#"{"mediaType":1}"#, "mediaType"), (#"{"subject":[]}"#, "subject"),
        (#"{"layers":[{"size":"1"}]}"#, "layers[0].size"),
        (#"{"layers":[{},{"urls":"x"}]}"#, "layers[1].urls"),
        (#"{"manifests":[{"platform":"x"}]}"#, "manifests[0].platform"),
        (#"{"manifests":[{"platform":{"os":1}}]}"#, "manifests[0].platform.os"),
        (#"{"config":{"annotations":{"a":[]}}}"#, "config.annotations.a"),
    ])
    func manifests(_ text: String, _ field: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        #expect(ClientSchema.manifest.mismatch(in: json) == field)
    }

    @Test(arguments: [
        (#"{"created":5}"#, "created"), (#"{"created":"yesterday"}"#, "created"),
        (#"{"created":""}"#, "created"), (#"{"os":1}"#, "os"),
        (#"{"config":{"Env":"x"}}"#, "config.Env"), (#"{"config":{"Env":[1]}}"#, "config.Env[0]"),
        (#"{"config":{"Labels":{"a":1}}}"#, "config.Labels.a"),
        (#"{"config":{"ExposedPorts":[]}}"#, "config.ExposedPorts"),
        (#"{"history":[{"empty_layer":"true"}]}"#, "history[0].empty_layer"),
        (#"{"rootfs":[]}"#, "rootfs"),
    ])
    func configs(_ text: String, _ field: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        #expect(ClientSchema.config.mismatch(in: json) == field)
    }

    @Test(arguments: [
        "{}", #"{"created":null,"config":null,"history":null}"#,
        #"{"created":"2026-11-28T10:00:00Z"}"#, #"{"created":"0001-01-01T00:00:00Z"}"#,
        #"{"created":"2020-02-18T21:20:46.123456789+01:00"}"#,
        #"{"config":{"Entrypoint":"x","Cmd":["a"],"Healthcheck":{"Test":1},"Volumes":{"/a":{}}}}"#,
        #"{"container_config":1,"docker_version":2}"#,
    ])
    func acceptedConfigs(_ text: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        #expect(ClientSchema.config.mismatch(in: json) == nil)
    }

    @Test(arguments: [
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Z ", "2026-1-01T00:00:00Z",
        "2026-01-01 00:00:00Z", "٢٠٢٦-01-01T00:00:00Z",
    ])
    func timesThatGoRefuses(_ text: String) {
        let json = JSON.object(["created": .string(text)])
        #expect(ClientSchema.config.mismatch(in: json) == "created")
    }

    @Test(arguments: [
        "2024-02-29T23:59:59Z", "2000-02-29T00:00:00-23:59", "9999-12-31T00:00:00.000000001Z",
    ])
    func timesThatGoDecodes(_ text: String) {
        let json = JSON.object(["created": .string(text)])
        #expect(ClientSchema.config.mismatch(in: json) == nil)
    }
}
