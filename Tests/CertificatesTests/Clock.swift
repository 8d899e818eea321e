// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Certificates
import Glibc

extension Moment {
    static var now: Moment { Moment(seconds: time(nil)) }
}
