// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import SiteTestSupport
import SiteModel
import Inputs
import TestSupport
import Testing

/// Checks that an archive is refused for exactly these reasons, and that nothing of it is kept.
func expectFaults(
    _ members: [TarMember],
    _ faults: SourceFault...,
    location: SourceLocation = #_sourceLocation
) throws {
    for throughPipe in [false, true] {
        let reading = try Reading(members, throughPipe: throughPipe)
        try expectNothing(of: reading, faults, location: location)
        // What a pipe leaves behind is looked at by a test of its own.
        if !throughPipe { #expect(try reading.staged == [], sourceLocation: location) }
    }
}

func expectNothing(
    of reading: Reading,
    _ faults: [SourceFault],
    location: SourceLocation = #_sourceLocation
) throws {
    #expect(reading.faults.map { "\($0)" } == faults.map { "\($0)" }, sourceLocation: location)
    #expect(reading.images.isEmpty, sourceLocation: location)
    #expect(try reading.blobs == [], sourceLocation: location)
}
