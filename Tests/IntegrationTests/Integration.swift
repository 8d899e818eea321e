// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Testing

/// Tests that run the built `regstatic` and real programs: a web server, clients, mounts.
///
/// One at a time: each of them would take all processors, and some measure what happens meanwhile.
@Suite("Integration", .serialized)
enum Integration {}
