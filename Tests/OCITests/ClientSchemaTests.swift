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
}
