// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Certificates
import Glibc

extension Timestamp {
    static var now: Timestamp { Timestamp(seconds: time(nil)) }
}
