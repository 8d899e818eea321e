// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import Certificates
internal import Glibc

extension Timestamp {
    /// The time of the system's clock; the other modules get the time as an argument.
    package static var now: Timestamp { Timestamp(seconds: time(nil)) }
}
